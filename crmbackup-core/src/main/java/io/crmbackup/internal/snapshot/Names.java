package io.crmbackup.internal.snapshot;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.RecordSchema;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Finds what users name: exactly, or else in any case, or else without the schema before the dot, as long as it is unambiguous. */
public final class Names {
    private Names() {}

    /** The position of a field. */
    public static int field(String collection, RecordSchema schema, String name) {
        Field field = find("collection " + collection, "field", name, schema.fields(), Field::name);
        return schema.indexOf(field.name());
    }

    /** The one that a name means; throws {@link IllegalArgumentException} that tells what there is. */
    public static <T> T find(String where, String what, String name, Collection<T> among, Function<T, String> nameOf) {
        for (T one : among) {
            if (nameOf.apply(one).equals(name)) {
                return one;
            }
        }
        List<T> found = among.stream()
                .filter(one -> nameOf.apply(one).equalsIgnoreCase(name))
                .toList();
        if (found.isEmpty()) {
            String suffix = "." + name.toLowerCase(Locale.ROOT);
            found = among.stream()
                    .filter(one -> nameOf.apply(one).toLowerCase(Locale.ROOT).endsWith(suffix))
                    .toList();
        }
        if (found.size() == 1) {
            return found.get(0);
        }
        List<String> names = (found.isEmpty() ? among : found)
                .stream().map(nameOf).sorted().limit(20).toList();
        throw new IllegalArgumentException(
                where + " has " + (found.isEmpty() ? "no " : "more than one ") + what + " \"" + name + "\": " + names);
    }
}
