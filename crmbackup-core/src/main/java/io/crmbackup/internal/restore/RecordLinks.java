package io.crmbackup.internal.restore;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.tree.TreeCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Follows references between the records of one source, in one direction, until nothing new is found.
 *
 * <p>Collections come in the order in which references lead through them, so that when one is looked at all is known that may lead to it: each is
 * gone through at most once, whatever the depth; only where references go in a circle, again while something new was found there. Where the fields that are compared
 * are the first of the key, records are looked up and nothing is gone through. Going through a collection reads nothing of a record but the fields that are
 * compared. References without a value in one of their fields refer to nothing. Not thread-safe.
 */
final class RecordLinks {
    private final RecordPlaces found;
    private final Role role;
    private final int depth;
    private final List<Pursuit> pursuits = new ArrayList<>();
    private final Map<String, List<Wanted>> wanted = new HashMap<>();
    private final Map<List<Object>, Wanted> shared = new HashMap<>();
    private final Map<String, Map<ByteBuffer, Integer>> steps = new HashMap<>();

    /** One reference, to be followed to the records at its other end. */
    private static final class Pursuit {
        private final SourceReferences.Link link;
        private final Wanted wanted;
        private final LinkEnd to;
        private final @Nullable KeyLookUp lookUp;
        private int done;

        Pursuit(SourceReferences.Link link, Wanted wanted, LinkEnd to, @Nullable KeyLookUp lookUp) {
            this.link = link;
            this.wanted = wanted;
            this.to = to;
            this.lookUp = lookUp;
        }

        boolean isDue() {
            return wanted.version() > done;
        }
    }

    private RecordLinks(List<SourceReferences.Link> links, RecordPlaces found, Role role, int depth) {
        this.found = found;
        this.role = role;
        this.depth = depth;
        links.forEach(this::add);
    }

    /** Adds the records that refer to those found by some references, and those that refer to these, in so many steps. */
    static void addChildren(List<SourceReferences.Link> links, int depth, RecordPlaces found) {
        new RecordLinks(links, found, Role.CHILD, depth).follow();
    }

    /**
     * Adds the records to which those found refer by some references, and those to which these refer, and so on. Returns what refers to records that are
     * not there, in the user's words.
     */
    static List<String> addParents(List<SourceReferences.Link> links, RecordPlaces found) {
        RecordLinks parents = new RecordLinks(links, found, Role.PARENT, Integer.MAX_VALUE);
        parents.follow();
        return parents.dangling();
    }

    private void add(SourceReferences.Link link) {
        boolean down = role == Role.CHILD;
        StoredCollection to = down ? link.child() : link.parent();
        List<String> names = down ? link.reference().fields() : link.reference().targetFields();
        KeyLookUp lookUp = KeyLookUp.of(to.schema(), names);
        LinkEnd.Form form = lookUp == null ? LinkEnd.form(link) : LinkEnd.Form.TEXTS;
        StoredCollection from = down ? link.parent() : link.child();
        List<Object> begin = down
                ? List.of(from.name(), link.reference().targetFields(), form)
                : List.of(
                        from.name(),
                        link.reference().fields(),
                        form,
                        link.reference().conditions());
        Wanted one = shared.get(begin);
        if (one == null) {
            one = new Wanted(down ? LinkEnd.parent(link, form) : LinkEnd.child(link, form));
            shared.put(begin, one);
            wanted.computeIfAbsent(from.name(), any -> new ArrayList<>()).add(one);
        }
        pursuits.add(new Pursuit(link, one, down ? LinkEnd.child(link, form) : LinkEnd.parent(link, form), lookUp));
    }

    private void follow() {
        for (StoredCollection collection : ends()) {
            if (wanted.containsKey(collection.name())) {
                SelectedRecords.Places records = SelectedRecords.Places.at(
                        collection, found.of(collection.name()).keySet());
                while (records.next()) {
                    spread(collection.name(), records.value(), 0);
                }
            }
        }
        List<String> order = order();
        for (String next = due(order); next != null; next = due(order)) {
            String collection = next;
            List<Pursuit> some = pursuits.stream()
                    .filter(pursuit -> pursuit.to.collection().name().equals(collection))
                    .filter(Pursuit::isDue)
                    .toList();
            lookUp(some.stream().filter(pursuit -> pursuit.lookUp != null).toList());
            goThrough(some.stream().filter(pursuit -> pursuit.lookUp == null).toList());
        }
    }

    /** The collections at which references begin, each once. */
    private Iterable<StoredCollection> ends() {
        Map<String, StoredCollection> ends = new LinkedHashMap<>();
        for (Pursuit pursuit : pursuits) {
            StoredCollection end = role == Role.CHILD ? pursuit.link.parent() : pursuit.link.child();
            ends.put(end.name(), end);
        }
        return ends.values();
    }

    private List<String> order() {
        Map<String, List<String>> before = new LinkedHashMap<>();
        for (Pursuit pursuit : pursuits) {
            String child = pursuit.link.child().name();
            String parent = pursuit.link.parent().name();
            before.computeIfAbsent(role == Role.CHILD ? child : parent, any -> new ArrayList<>())
                    .add(role == Role.CHILD ? parent : child);
        }
        return ParentsFirst.order(before.keySet(), name -> before.getOrDefault(name, List.of()));
    }

    private @Nullable String due(List<String> order) {
        return order.stream()
                .filter(name -> pursuits.stream()
                        .anyMatch(
                                one -> one.isDue() && one.to.collection().name().equals(name)))
                .findFirst()
                .orElse(null);
    }

    private void spread(String collection, byte[] value, int at) {
        if (at < depth) {
            int next = depth == Integer.MAX_VALUE ? 0 : at + 1;
            for (Wanted some : wanted.getOrDefault(collection, List.of())) {
                some.add(value, next);
            }
        }
    }

    private void lookUp(List<Pursuit> some) {
        for (Pursuit pursuit : some) {
            KeyLookUp lookUp = pursuit.lookUp;
            if (lookUp == null) {
                continue;
            }
            Map<Object, Wanted.Value> fresh = pursuit.wanted.since(pursuit.done);
            pursuit.done = pursuit.wanted.version();
            SortedMap<byte[], Object> begins = new TreeMap<>(Arrays::compareUnsigned);
            fresh.keySet().forEach(form -> begins(lookUp, form).forEach(begin -> begins.put(begin, form)));
            TreeCursor cursor = pursuit.to.collection().records();
            begins.forEach((begin, form) -> {
                Interruption.check();
                cursor.seek(begin);
                while (cursor.next() && beginsWith(cursor.key(), begin)) {
                    byte[] value = cursor.value();
                    if (form.equals(pursuit.to.of(value))) {
                        meet(pursuit, Objects.requireNonNull(fresh.get(form)), cursor.key(), value);
                    }
                    if (lookUp.isWhole()) {
                        break;
                    }
                }
            });
        }
    }

    @SuppressWarnings("unchecked") // what is looked up has the form of texts
    private static List<byte[]> begins(KeyLookUp lookUp, Object form) {
        return lookUp.begins((List<String>) form);
    }

    private static boolean beginsWith(byte[] key, byte[] begin) {
        return key.length >= begin.length && Arrays.equals(key, 0, begin.length, begin, 0, begin.length);
    }

    private void goThrough(List<Pursuit> some) {
        if (some.isEmpty()) {
            return;
        }
        some.forEach(pursuit -> pursuit.done = pursuit.wanted.version());
        TreeCursor cursor = some.get(0).to.collection().records();
        while (cursor.next()) {
            Interruption.check();
            byte[] value = cursor.value();
            for (Pursuit pursuit : some) {
                Object form = pursuit.to.of(value);
                Wanted.Value match = form == null ? null : pursuit.wanted.get(form);
                if (match != null) {
                    meet(pursuit, match, cursor.key(), value);
                }
            }
        }
    }

    private void meet(Pursuit pursuit, Wanted.Value by, byte[] place, byte[] value) {
        by.meet();
        String collection = pursuit.to.collection().name();
        boolean added = found.add(collection, place, role);
        if (depth == Integer.MAX_VALUE) {
            if (added) {
                spread(collection, value, 0);
            }
            return;
        }
        Map<ByteBuffer, Integer> known = steps.computeIfAbsent(collection, any -> new HashMap<>());
        Integer before = known.get(ByteBuffer.wrap(place));
        if (added || (before != null && by.steps() < before)) {
            known.put(ByteBuffer.wrap(place), by.steps());
            spread(collection, value, by.steps());
        }
    }

    private List<String> dangling() {
        List<String> texts = new ArrayList<>();
        for (Pursuit pursuit : pursuits) {
            long unmet = pursuit.wanted.unmet();
            if (unmet > 0) {
                texts.add(unmet + " of the records of " + pursuit.link.parent().name() + " that " + pursuit.link.text()
                        + " of what is selected names are not in the snapshot");
            }
        }
        return texts;
    }
}
