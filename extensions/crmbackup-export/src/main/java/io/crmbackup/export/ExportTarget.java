package io.crmbackup.export;

import io.crmbackup.jdbc.SchemaScript;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Tables of a snapshot, or what is selected of them, as files that other programs read. Into a directory goes one file for each table, named after it; files have
 * their names only when all are whole, and none that is there is replaced. Into a stream, which the caller closes, goes one table, and any number of them
 * as SQL. Values of any length are streamed. Immutable and thread-safe, as far as the stream is.
 */
public final class ExportTarget implements Target {
    private static final String SQL = "SQL";

    private final Supplier<Output> output;
    private final BiFunction<Map<String, String>, List<RestoredCollection>, RecordFormat> format;
    private final String name;

    private ExportTarget(
            Supplier<Output> output,
            BiFunction<Map<String, String>, List<RestoredCollection>, RecordFormat> format,
            String name) {
        this.output = output;
        this.format = format;
        this.name = name;
    }

    private static Supplier<Output> in(Path directory) {
        Objects.requireNonNull(directory, "directory");
        return () -> new DirectoryOutput(directory);
    }

    private static Supplier<Output> to(OutputStream stream) {
        Objects.requireNonNull(stream, "stream");
        return () -> new StreamOutput(stream);
    }

    private static ExportTarget csv(Supplier<Output> output, CsvFormat.Formulas formulas) {
        return new ExportTarget(output, (attributes, collections) -> new CsvFormat(formulas), "CSV");
    }

    /**
     * CSV files (RFC 4180) in UTF-8 with a header. Where there is no value, there is nothing between the commas; text is always in quotes, so that empty text is
     * {@code ""}; bytes are hexadecimal digits. Text is exact: a spreadsheet that opens the file may take what begins with {@code =}, {@code +}, {@code -} or
     * {@code @} for a formula, and run it. For files that people open so, see {@link #csvForSpreadsheets}.
     */
    public static ExportTarget csv(Path directory) {
        return csv(in(directory), CsvFormat.Formulas.AS_THEY_ARE);
    }

    /** The same into a stream. */
    public static ExportTarget csv(OutputStream stream) {
        return csv(to(stream), CsvFormat.Formulas.AS_THEY_ARE);
    }

    /** CSV files with an apostrophe before text that a spreadsheet would take for a formula: harmless to open, but no longer exact. */
    public static ExportTarget csvForSpreadsheets(Path directory) {
        return csv(in(directory), CsvFormat.Formulas.DEFUSED);
    }

    /** One JSON object a line: numbers in the digits that are stored, bytes in base64, all else as text, JSON documents too. */
    public static ExportTarget jsonLines(Path directory) {
        return new ExportTarget(in(directory), (attributes, collections) -> new JsonLinesFormat(), "JSON lines");
    }

    /** The same into a stream. */
    public static ExportTarget jsonLines(OutputStream stream) {
        return new ExportTarget(to(stream), (attributes, collections) -> new JsonLinesFormat(), "JSON lines");
    }

    /**
     * Statements for an empty database of the product that the backup is of: the definitions of the tables, one INSERT a row, and then constraints, indexes and
     * references. Into a directory, definitions go to two files of their own, {@code %first.sql} and {@code %last.sql}: the first is played before those of the tables, the last
     * after them; into a stream all goes in order. Statements that could run code of whoever made the backup, as views and triggers, and those that need them are
     * written as comments, and named by the preview. Where that is what makes a table, the script asks for the table and fails there, before any row, unless it was made by hand. A script sets what its session needs, and sets nothing back.
     */
    public static ExportTarget sql(Path directory) {
        return sql(in(directory));
    }

    /** The same into a stream, one table after the other. */
    public static ExportTarget sql(OutputStream stream) {
        return sql(to(stream));
    }

    private static ExportTarget sql(Supplier<Output> output) {
        return new ExportTarget(
                output,
                (attributes, collections) -> SqlFormat.of(attributes, SchemaScript.of(attributes, collections)),
                SQL);
    }

    /**
     * The same without definitions: one INSERT a row, for a database whose tables are there already. Each file first sets how its session reads values, as encoding, backslashes and times; names, checks and
     * triggers are those of the database.
     *
     * @throws IllegalStateException if it is no export as SQL
     */
    public ExportTarget withoutDefinitions() {
        if (!name.equals(SQL)) {
            throw new IllegalStateException(this + " has no definitions; only one as SQL has");
        }
        return new ExportTarget(output, (attributes, collections) -> SqlFormat.of(attributes, Optional.empty()), name);
    }

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) throws IOException {
        return new ExportSession(output.get(), format.apply(attributes, collections), collections);
    }

    /** Nothing: an export is not read back. */
    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "an export as " + name;
    }
}
