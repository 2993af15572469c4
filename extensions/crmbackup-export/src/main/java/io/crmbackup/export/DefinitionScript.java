package io.crmbackup.export;

import io.crmbackup.jdbc.SchemaScript;
import io.crmbackup.jdbc.SchemaScript.LeftOut;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The definitions of tables around their rows: first what makes the tables, at the end what needs rows. What could run code of whoever made the backup, and what needs
 * that, stands there as comments, for a person to read and decide.
 */
record DefinitionScript(SchemaScript script) implements Frame {
    private static final int MOST_NOTES = 100;

    @Override
    public List<String> blockers() {
        return script.damage().stream()
                .map(damage -> damage + "; export rows only (withoutDefinitions())")
                .toList();
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        Stream.of(script.leftOutBeforeRows(), script.leftOutAfterRows())
                .flatMap(List::stream)
                .limit(MOST_NOTES)
                .forEach(one -> notes.add("as a comment only, as " + one.reason() + ": " + one.title()));
        int all = script.leftOutBeforeRows().size() + script.leftOutAfterRows().size();
        if (all > MOST_NOTES) {
            notes.add("and " + (all - MOST_NOTES) + " more as comments only");
        }
        return notes;
    }

    @Override
    public List<String> steps() {
        return Stream.concat(script.beforeRows().stream(), script.afterRows().stream())
                .toList();
    }

    @Override
    public void begin(OutputStream out) throws IOException {
        for (LeftOut one : script.leftOutBeforeRows()) {
            comment(out, one);
        }
        statements(out, script.beforeRows());
    }

    @Override
    public void end(OutputStream out) throws IOException {
        statements(out, script.afterRows());
        for (LeftOut one : script.leftOutAfterRows()) {
            comment(out, one);
        }
    }

    static void statements(OutputStream out, List<String> statements) throws IOException {
        for (String statement : statements) {
            // A comment at the end of a statement would take the semicolon in.
            Values.write(out, statement + (statement.contains("--") ? "\n;\n" : ";\n"));
        }
    }

    /** No line of it can end the comment, whatever a reader takes for the end of a line. */
    private static void comment(OutputStream out, LeftOut one) throws IOException {
        String text = "Left out, as " + one.reason() + ":\n" + one.sql() + ";";
        for (String line : text.split("\\R|\0", -1)) {
            Values.write(out, "-- " + line + "\n");
        }
    }
}
