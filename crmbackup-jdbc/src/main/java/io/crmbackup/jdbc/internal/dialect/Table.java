package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordSchema;

/**
 * A table as it is captured.
 *
 * @param name its name in the database
 * @param collection its name as a collection
 * @param schema its columns, without those that the database computes
 * @param order in which order the database gives its rows
 * @param rowId an expression by whose value a row is found again while the view is open; empty if there is none, or no need of one
 */
public record Table(
        TableName name, String collection, RecordSchema schema, CapturedCollection.Order order, String rowId) {
    public Table(TableName name, String collection, RecordSchema schema, CapturedCollection.Order order) {
        this(name, collection, schema, order, "");
    }

    public CapturedCollection captured() {
        return new CapturedCollection(collection, schema, order);
    }
}
