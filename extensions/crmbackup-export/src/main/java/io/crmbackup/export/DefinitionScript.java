package io.crmbackup.export;

import io.crmbackup.jdbc.SchemaScript;
import io.crmbackup.jdbc.SchemaScript.Definition;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The definitions of tables around their rows: first what makes the tables, at the end what needs rows. What could run code of whoever made the backup, and what needs
 * that, stands in its place as a comment, for a person to read and decide. Where that is the definition of a table, its rows and all else that is harmless are still executed, so that one decision brings all of it
 * back; the script asks for the table at that place, which fails as long as it is not there: before any row is written, not half-way through.
 */
record DefinitionScript(SchemaScript script, SqlFormat format) implements Frame {
    private static final int MOST_NOTES = 100;

    @Override
    public List<String> blockers() {
        return script.damage().stream()
                .map(damage -> damage + "; export rows only (withoutDefinitions())")
                .toList();
    }

    private Stream<Definition> definitions() {
        return Stream.of(script.beforeRows(), script.afterRows()).flatMap(List::stream);
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        List<Definition> leftOut =
                definitions().filter(one -> one.leftOut().isPresent()).toList();
        leftOut.stream()
                .limit(MOST_NOTES)
                .forEach(one -> notes.add("as a comment only, as "
                        + one.leftOut().orElseThrow() + ": " + one.title()
                        + one.missing()
                                .map(table -> "; where it stands, the script stops unless there is a table " + table)
                                .orElse("")));
        if (leftOut.size() > MOST_NOTES) {
            notes.add("and " + (leftOut.size() - MOST_NOTES) + " more as comments only");
        }
        return notes;
    }

    @Override
    public List<String> steps() {
        return definitions()
                .filter(one -> one.leftOut().isEmpty())
                .map(Definition::sql)
                .toList();
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        write(out, script.beforeRows());
    }

    @Override
    public void end(OutputStream out) throws IOException {
        write(out, script.afterRows());
    }

    private void write(OutputStream out, List<Definition> definitions) throws IOException {
        for (Definition one : definitions) {
            if (one.leftOut().isEmpty()) {
                statement(out, one.sql());
                continue;
            }
            comment(out, "Left out, as " + one.leftOut().get() + ":\n" + one.sql() + ";");
            if (one.missing().isPresent()) {
                comment(out, """
                        The rows of this table follow, and what belongs to it. If all that the statement does may be done, take the
                        marks of its comment away; or make the table in another way. Without it, the script ends here, before any
                        row, as far as the program that plays it stops at errors (psql does with -v ON_ERROR_STOP=1).""");
                statement(out, "SELECT 1 FROM " + format.table(one.missing().get()) + " WHERE 1 = 0");
            }
        }
    }

    static void statements(OutputStream out, List<String> statements) throws IOException {
        for (String statement : statements) {
            statement(out, statement);
        }
    }

    private static void statement(OutputStream out, String statement) throws IOException {
        // A comment at the end of a statement would take the semicolon in.
        Values.write(out, statement + (statement.contains("--") ? "\n;\n" : ";\n"));
    }

    /** No line of it can end the comment, whatever a reader takes for the end of a line. */
    private static void comment(OutputStream out, String text) throws IOException {
        for (String line : text.split("\\R|\0", -1)) {
            Values.write(out, "-- " + line + "\n");
        }
    }
}
