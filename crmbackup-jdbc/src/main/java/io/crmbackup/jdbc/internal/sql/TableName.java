package io.crmbackup.jdbc.internal.sql;

/**
 * A table's schema and name, exactly as the database has them. As a collection's name the default schema is left out; a dot or backslash
 * inside of a name is written with a backslash before it, so that {@code a.b} is always table b in schema a.
 */
public record TableName(String schema, String table) {
    public TableName {
        if (table.isEmpty()) {
            throw new IllegalArgumentException("a table needs a name");
        }
    }

    /** The name that {@link #collection} made. */
    public static TableName of(String collection, String defaultSchema) {
        StringBuilder part = new StringBuilder();
        String schema = null;
        for (int i = 0; i < collection.length(); i++) {
            char c = collection.charAt(i);
            if (c == '.') {
                if (schema != null) {
                    throw new IllegalArgumentException("not the name of a table: " + collection);
                }
                schema = part.toString();
                part.setLength(0);
            } else {
                if (c == '\\' && ++i == collection.length()) {
                    throw new IllegalArgumentException("not the name of a table: " + collection);
                }
                part.append(collection.charAt(i));
            }
        }
        return new TableName(schema == null ? defaultSchema : schema, part.toString());
    }

    /** The name of the collection that this table is. */
    public String collection(String defaultSchema) {
        return schema.equals(defaultSchema) ? escape(table) : escape(schema) + "." + escape(table);
    }

    private static String escape(String name) {
        return name.replace("\\", "\\\\").replace(".", "\\.");
    }
}
