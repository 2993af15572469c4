import org.jspecify.annotations.NullMarked;

/** Backup and restore of a whole CRM system: database and attachment files together. */
@NullMarked
module io.crmbackup {
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires com.github.luben.zstd_jni;
    requires com.google.common;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.crmbackup;
    exports io.crmbackup.error;
    exports io.crmbackup.report;
    exports io.crmbackup.spi;
}
