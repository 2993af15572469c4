import org.jspecify.annotations.NullMarked;

/**
 * What a custom sink, source or target must keep, as tests, and fixtures to test with. JUnit and AssertJ are needed by the test classes only:
 * {@link io.crmbackup.tck.SinkCheck} and the fixtures run without them.
 */
@NullMarked
module io.crmbackup.tck {
    requires transitive io.crmbackup;
    requires static transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;
    requires static org.assertj.core;

    exports io.crmbackup.tck;
}
