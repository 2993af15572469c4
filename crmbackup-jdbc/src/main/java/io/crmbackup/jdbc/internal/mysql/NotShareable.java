package io.crmbackup.jdbc.internal.mysql;

import java.io.Serial;

/** Why several connections can't be shown one moment, in words for who runs the backup; one connection can. */
final class NotShareable extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    NotShareable(String why) {
        super(why);
    }

    NotShareable(String why, Exception cause) {
        super(why, cause);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
