package io.crmbackup.export;

import io.crmbackup.jdbc.SchemaScript;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One INSERT a row, in the words of the product that the backup is of, between the definitions of the tables if there are any. Names and values are put in quotes by its rules; that a server reads them so, as
 * backslashes, which MariaDB and MySQL want twice, is what each file's session is set to first.
 */
record SqlFormat(String product, List<String> session, Optional<SchemaScript> definitions) implements RecordFormat {
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

    /**
     * Writes rows of a backup.
     *
     * @param attributes those of the capture
     * @param definitions empty for rows alone
     */
    static SqlFormat of(Map<String, String> attributes, Optional<SchemaScript> definitions) {
        return new SqlFormat(
                attributes.getOrDefault("product", ""),
                definitions.map(SchemaScript::session).orElseGet(() -> SchemaScript.sessionOfRows(attributes)),
                definitions);
    }

    @Override
    public String extension() {
        return "sql";
    }

    @Override
    public boolean takesSeveral() {
        return true;
    }

    @Override
    public void beginFile(OutputStream out) throws IOException {
        DefinitionScript.statements(out, session);
    }

    @Override
    public Optional<Frame> frame() {
        return definitions.map(script -> new DefinitionScript(script, this));
    }

    private boolean isMySql() {
        return product.equals("MariaDB") || product.equals("MySQL");
    }

    private String quote(String name) throws IOException {
        if (name.indexOf(0) >= 0) {
            throw new IOException(
                    "SQL can't say the character 0, which is in a name of the backup: " + name.replace('\0', '\ufffd'));
        }
        String mark = isMySql() ? "`" : "\"";
        return mark + name.replace(mark, mark + mark) + mark;
    }

    /** A collection's name is a table's with a schema before it or without; a backslash takes a dot's meaning away. */
    String table(String collection) throws IOException {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < collection.length(); i++) {
            char c = collection.charAt(i);
            if (c == '.') {
                parts.add(quote(part.toString()));
                part.setLength(0);
            } else {
                part.append(c == '\\' && i + 1 < collection.length() ? collection.charAt(++i) : c);
            }
        }
        parts.add(quote(part.toString()));
        if (parts.size() == 1 && product.equals("PostgreSQL") && definitions.isPresent()) {
            // The script sets no path on which tables are found, so that no name in it can mean another thing.
            parts.add(0, quote("public"));
        }
        return String.join(".", parts);
    }

    @Override
    public void write(OutputStream out, String collection, RecordSchema schema, List<FieldValue> values)
            throws IOException {
        if (values.isEmpty()) {
            Values.write(
                    out, "INSERT INTO " + table(collection) + (isMySql() ? " () VALUES ();\n" : " DEFAULT VALUES;\n"));
            return;
        }
        List<String> names = new ArrayList<>();
        for (Field field : schema.fields()) {
            names.add(quote(field.name()));
        }
        boolean givesIdentity = product.equals("PostgreSQL") || product.equals("H2");
        Values.write(
                out,
                "INSERT INTO " + table(collection) + " (" + String.join(", ", names) + ")"
                        + (givesIdentity ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES (");
        for (int i = 0; i < values.size(); i++) {
            Values.write(out, i == 0 ? "" : ", ");
            if (values.get(i).isNull()) {
                Values.write(out, "NULL");
            } else {
                value(out, schema.fields().get(i), values.get(i));
            }
        }
        Values.write(out, ");\n");
    }

    private void value(OutputStream out, Field field, FieldValue value) throws IOException {
        try (Values.Typed typed = Values.open(field, value)) {
            FieldType type = typed.type();
            if (type.isBinary()) {
                Values.write(out, product.equals("PostgreSQL") ? "'\\x" : "X'");
                Values.hex(typed.in(), out);
                out.write('\'');
            } else if (type == FieldType.INTEGER || type == FieldType.DECIMAL || type == FieldType.FLOAT) {
                String number = Values.shortText(typed.in());
                boolean isNumber = NUMBER.matcher(number).matches();
                boolean infinite = product.equals("SQLite") && number.endsWith("Infinity");
                Values.write(
                        out,
                        infinite
                                ? (number.startsWith("-") ? "-9e999" : "9e999")
                                : isNumber ? number : '\'' + escaped(number) + '\'');
            } else if (type == FieldType.BOOLEAN) {
                Values.write(out, Values.shortText(typed.in()).equals("true") ? "TRUE" : "FALSE");
            } else {
                out.write('\'');
                Values.characters(
                        typed.in(), (text, length) -> Values.write(out, escaped(new String(text, 0, length))));
                Values.write(out, type == FieldType.JSON && product.equals("H2") ? "' FORMAT JSON" : "'");
            }
        }
    }

    private String escaped(String text) throws IOException {
        if (text.indexOf(0) >= 0 && !isMySql()) {
            throw new IOException("text holds the character 0, which SQL can't say");
        }
        String doubled = text.replace("'", "''");
        return isMySql() ? doubled.replace("\\", "\\\\").replace("\0", "\\0") : doubled;
    }
}
