import org.jspecify.annotations.NullMarked;

/** Relational databases as source and target. */
@NullMarked
@SuppressWarnings("requires-automatic")
module io.crmbackup.jdbc {
    requires org.slf4j;
    requires transitive io.crmbackup;
    requires transitive java.sql;
    requires static org.postgresql.jdbc;
    requires static transitive org.jspecify;

    exports io.crmbackup.jdbc;
}
