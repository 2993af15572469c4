package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.List;

/** Puts references together from catalog rows, of which there is one a column. */
public final class References {
    private References() {}

    public static Reference join(Reference first, Reference more) {
        List<String> fields = new ArrayList<>(first.fields());
        fields.addAll(more.fields());
        List<String> targetFields = new ArrayList<>(first.targetFields());
        targetFields.addAll(more.targetFields());
        return new Reference(first.name(), fields, first.collection(), targetFields);
    }
}
