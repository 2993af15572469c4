import org.jspecify.annotations.NullMarked;

/** Directories as source, target and sink. */
@NullMarked
module io.crmbackup.fs {
    requires transitive io.crmbackup;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.crmbackup.fs;
}
