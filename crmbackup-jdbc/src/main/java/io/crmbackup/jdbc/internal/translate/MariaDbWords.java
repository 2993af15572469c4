package io.crmbackup.jdbc.internal.translate;

/** MariaDB, where it says more than {@linkplain MySqlWords MySQL}: large objects have defaults. */
final class MariaDbWords extends MySqlWords {
    MariaDbWords() {
        super("utf8mb4_nopad_bin");
    }

    @Override
    boolean takesDefault(TargetColumn column) {
        return true;
    }
}
