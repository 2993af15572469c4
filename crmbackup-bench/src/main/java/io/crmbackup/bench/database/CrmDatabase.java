package io.crmbackup.bench.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The generated CRM in a database, and what to do with it by the product's own programs. */
interface CrmDatabase extends AutoCloseable {
    /** The name of the empty database. */
    String EMPTY = "crm_restored";

    /** For a driver, with user and password. */
    String url();

    /** The same, by which the tables' names need no schema. */
    default String applicationUrl() {
        return url();
    }

    /** The shell command that writes the whole database to its standard output, as of one moment. */
    String dump();

    /** What the command is called in the table of figures. */
    String dumpName();

    /** The shell command that writes the whole database into a file or directory, in the form that the product's own programs restore quickest. */
    String archive(Path archive);

    /** The shell command that restores an archive into the empty database. */
    String restore(Path archive);

    /** What restoring an archive is called in the table of figures. */
    String restoreName();

    /** Makes a database without anything in it, in place of the one that it made before; and has the server write down what it still has to. */
    void empty() throws IOException, InterruptedException;

    /** The empty database, for a driver. */
    default String emptyUrl() {
        return url().replaceFirst("/[^/?]+\\?", "/" + EMPTY + "?");
    }

    /** Statements that play one working day; or a command that does. */
    void play(int day) throws IOException, InterruptedException;

    /** What the server takes. */
    ServerCpu cpu();

    /** The statements of the application load; each has one parameter, a number from 1 to {@link #contacts()}. */
    default List<String> transactions() {
        return List.of(
                "SELECT * FROM contact WHERE id = ?",
                "SELECT * FROM activity WHERE contact_id = ? ORDER BY happened_at DESC LIMIT 10",
                "SELECT * FROM activity WHERE contact_id = ? ORDER BY happened_at DESC LIMIT 10",
                "UPDATE contact SET phone = '+47 12345678', updated_at = CURRENT_TIMESTAMP WHERE id = ?",
                "INSERT INTO activity (contact_id, kind, subject, done, minutes, happened_at)"
                        + " VALUES (?, 'call', 'asked about the renewal', false, 5, CURRENT_TIMESTAMP)");
    }

    /** How many contacts there are. */
    int contacts();

    @Override
    void close();
}
