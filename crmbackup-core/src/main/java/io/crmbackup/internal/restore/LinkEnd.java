package io.crmbackup.internal.restore;

import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.RecordFields;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a reference: gives what a record has in the fields at this end, in a form in which both ends compare. Where both hold values of the same type that has
 * one form only, these are the bytes of the record, untouched; else texts. Not thread-safe.
 */
final class LinkEnd {
    /** How values of the two ends compare. */
    enum Form {
        BYTES,
        TEXTS
    }

    private final StoredCollection collection;
    private final List<Field> fields = new ArrayList<>();
    private final int[] positions;
    private final RecordFields values;
    private final Form form;
    private final @Nullable Conditions conditions;

    private LinkEnd(StoredCollection collection, List<String> names, Form form, @Nullable Conditions conditions) {
        this.collection = collection;
        this.form = form;
        this.conditions = conditions;
        RecordSchema schema = collection.schema();
        this.positions = names.stream().mapToInt(schema::indexOf).toArray();
        for (int position : positions) {
            fields.add(schema.fields().get(position));
        }
        this.values = collection.decoder().fields(positions);
    }

    /** The end of the records that refer. */
    static LinkEnd child(SourceReferences.Link link, Form form) {
        Reference reference = link.reference();
        Conditions conditions = reference.conditions().isEmpty()
                ? null
                : new Conditions(link.child().schema(), link.child().decoder(), reference);
        return new LinkEnd(link.child(), reference.fields(), form, conditions);
    }

    /** The end of the records referred to. */
    static LinkEnd parent(SourceReferences.Link link, Form form) {
        return new LinkEnd(link.parent(), link.reference().targetFields(), form, null);
    }

    /** In which form the values at the two ends of a link compare. */
    static Form form(SourceReferences.Link link) {
        RecordSchema child = link.child().schema();
        RecordSchema parent = link.parent().schema();
        for (int i = 0; i < link.reference().fields().size(); i++) {
            FieldType one = type(child, link.reference().fields().get(i));
            FieldType other = type(parent, link.reference().targetFields().get(i));
            if (one != other || !Literals.hasExactKeys(one)) {
                return Form.TEXTS;
            }
        }
        return Form.BYTES;
    }

    private static FieldType type(RecordSchema schema, String field) {
        return schema.fields().get(schema.indexOf(field)).type();
    }

    StoredCollection collection() {
        return collection;
    }

    List<Field> fields() {
        return fields;
    }

    /** What a record has here, to be compared at once; null if it refers to nothing, or can't be referred to. */
    @Nullable
    Object of(byte[] value) {
        if (!values.read(value) || (conditions != null && !conditions.hold(value))) {
            return null;
        }
        return form == Form.BYTES ? values.bytes() : texts();
    }

    /** What a record has here as texts, whatever the form; null if it refers to nothing. */
    @Nullable
    List<String> textsOf(byte[] value) {
        return of(value) == null ? null : texts();
    }

    private @Nullable List<String> texts() {
        List<String> texts = new ArrayList<>(positions.length);
        for (int i = 0; i < positions.length; i++) {
            String text = Literals.form(fields.get(i), values.value(positions[i]));
            if (text == null) {
                return null;
            }
            texts.add(text);
        }
        return texts;
    }

    /** A form that stays when the next record is read. */
    static Object kept(Object form) {
        if (form instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return ByteBuffer.wrap(copy);
        }
        return form;
    }

    /** The conditions of a reference, read from where they lie in a record. */
    private static final class Conditions {
        private final RecordSchema schema;
        private final Reference reference;
        private final int[] positions;
        private final RecordFields values;

        Conditions(RecordSchema schema, RecordDecoder decoder, Reference reference) {
            this.schema = schema;
            this.reference = reference;
            this.positions = reference.conditions().keySet().stream()
                    .mapToInt(schema::indexOf)
                    .toArray();
            this.values = decoder.fields(positions);
        }

        boolean hold(byte[] value) {
            if (!values.read(value)) {
                return false;
            }
            List<FieldValue> all =
                    new ArrayList<>(Collections.nCopies(schema.fields().size(), FieldValue.NULL));
            for (int position : positions) {
                all.set(position, values.value(position));
            }
            return reference.appliesTo(schema, all);
        }
    }
}
