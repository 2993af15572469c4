package io.crmbackup.jdbc;

import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordSchema;

/**
 * A table as it is captured.
 *
 * @param name its name in the database
 * @param collection its name as a collection
 * @param schema its columns, without those that the database computes
 * @param order in which order the database gives its rows
 */
record Table(TableName name, String collection, RecordSchema schema, CapturedCollection.Order order) {
    CapturedCollection captured() {
        return new CapturedCollection(collection, schema, order);
    }
}
