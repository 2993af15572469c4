package io.crmbackup.internal.restore;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What records have at one end of references, each once: the others that have the same at the other end are wanted. Shared by all references that
 * begin at the same fields. Not thread-safe.
 */
final class Wanted {
    private final LinkEnd end;
    private final Map<Object, Value> values = new HashMap<>();
    private int version;

    /** One combination of values. */
    static final class Value {
        /** How many steps from what was chosen the records are that are found by it. */
        private int steps;

        private int since;
        private boolean met;

        int steps() {
            return steps;
        }

        /** The version with which it came, or came nearer. */
        int since() {
            return since;
        }

        /** Notes that a record was found by it. */
        void meet() {
            met = true;
        }
    }

    Wanted(LinkEnd end) {
        this.end = end;
    }

    /** Wants what a record has here. */
    void add(byte[] record, int steps) {
        Object form = end.of(record);
        if (form == null) {
            return;
        }
        Value value = values.get(form);
        if (value == null) {
            value = new Value();
            values.put(LinkEnd.kept(form), value);
        } else if (value.steps <= steps) {
            return;
        }
        value.steps = steps;
        value.since = ++version;
    }

    @Nullable
    Value get(Object form) {
        return values.get(form);
    }

    /** Grows whenever something is wanted anew. */
    int version() {
        return version;
    }

    /** A copy of what is wanted since a version. */
    Map<Object, Value> since(int before) {
        Map<Object, Value> some = new HashMap<>();
        values.forEach((form, value) -> {
            if (value.since > before) {
                some.put(form, value);
            }
        });
        return some;
    }

    /** How much of it no record was found by. */
    long unmet() {
        return values.values().stream().filter(value -> !value.met).count();
    }
}
