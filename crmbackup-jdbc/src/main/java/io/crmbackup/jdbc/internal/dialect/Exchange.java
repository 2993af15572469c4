package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * All that a source of a database covers gives way, at once, to what is written meanwhile beside it: others see all of the old or all of the new,
 * never a part. One at a time on a connection, which the caller gives back: what has not been committed then never was. Used by one thread at a
 * time, in the order of the methods.
 */
public interface Exchange {
    /**
     * What is to be said before it begins.
     *
     * @param objections why it is refused
     * @param notes what the user should know
     */
    record Outlook(List<String> objections, List<String> notes) {
        public Outlook {
            objections = List.copyOf(objections);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Looks at what is there, without effect.
     *
     * @param present what a backup would hold of it now
     * @param statements the definitions that the backup holds
     */
    Outlook foresee(Catalog present, Set<String> statements) throws IOException, SQLException;

    /** Whether only rows are exchanged: all that is defined is, and stays, as in the backup, and {@link #make} is not called. */
    default boolean keepsDefinitions() {
        return false;
    }

    /** Keeps others from writing until the end; they go on reading. Fails, holding nothing, if somebody else doesn't let go of a table. */
    void hold() throws IOException, SQLException;

    /**
     * Where what is there can be read from while it is held, before there is room for what is written.
     *
     * @param others gives connections besides the one of this exchange
     */
    default DataSource reading(DataSource others) {
        return others;
    }

    /** Makes room for what is written: there it looks as in an empty database. */
    void makeRoom() throws IOException, SQLException;

    /** Where to write. */
    Connection connection();

    /** Executes a statement of the backup. What it makes may be there already where the exchange doesn't reach; then it is left as it is. */
    void make(String sql) throws SQLException;

    /**
     * Fails if {@link #complete} is bound to fail by what can be known now. Called when all is written and made, and before anything else is
     * changed together with the database; others see nothing of it.
     */
    default void rehearse() throws IOException, SQLException {}

    /** Tables with rows that refer to none among what is written, as {@link Dialect#brokenReferences}, if the database doesn't notice that by itself. */
    default List<String> brokenReferences() throws SQLException {
        return List.of();
    }

    /** What has been written. */
    Catalog written() throws IOException, SQLException;

    /** Reads the rows of a table that has been written; its cursor is closed before the next one is opened. */
    RecordCursor read(Table table) throws IOException, SQLException;

    /**
     * Lets what was written take the place of what was there, for good. Fails if that is not possible, and nothing has changed then, unless it was
     * the answer to the commit that got lost.
     *
     * @return what is not as in the backup nevertheless, in the user's words
     */
    List<String> complete() throws IOException, SQLException;

    /** Gives back what was taken besides the connection that it was made for, and undoes what was not completed there. */
    default void close() throws SQLException {}
}
