import org.jspecify.annotations.NullMarked;

/** Tables of a snapshot as files that other programs read. */
@NullMarked
module io.crmbackup.export {
    requires transitive io.crmbackup;
    requires io.crmbackup.jdbc;
    requires static transitive org.jspecify;

    exports io.crmbackup.export;
}
