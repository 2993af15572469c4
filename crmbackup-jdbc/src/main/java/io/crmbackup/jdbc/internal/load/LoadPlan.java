package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RestoredCollection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps of a restore, each with a number: definitions; rows of tables; what belongs to single tables, the largest first; what joins parts to the whole; references between tables; what
 * needs all of it. The same backup gives the same steps. Immutable.
 */
final class LoadPlan {
    private final Dialect dialect;
    private final List<RestoredCollection> collections;
    private final List<Step> definitions = new ArrayList<>();
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<Step> ofTables = new ArrayList<>();
    private final List<Step> parts = new ArrayList<>();
    private final List<Step> references = new ArrayList<>();
    private final List<Step> last = new ArrayList<>();
    private int number;

    LoadPlan(Dialect dialect, RestoreScript script, List<RestoredCollection> collections) {
        this.dialect = dialect;
        this.collections = List.copyOf(collections);
        List<SchemaStatement> before = new ArrayList<>();
        List<SchemaStatement> keys = new ArrayList<>();
        for (SchemaStatement statement : script.beforeRows()) {
            boolean isLater = dialect.keysFollowRows() && statement.kind() == SchemaStatement.Type.PRIMARY_KEY;
            (isLater ? keys : before).add(statement);
        }
        add(definitions, before);
        for (RestoredCollection collection : collections) {
            rows.put(collection.name(), ++number);
        }
        List<RestoredCollection> largestFirst = new ArrayList<>(collections);
        largestFirst.sort(Comparator.comparingLong(RestoredCollection::records).reversed());
        for (RestoredCollection collection : largestFirst) {
            TableName table = table(collection);
            Stream<SchemaStatement> own =
                    keys.stream().filter(key -> key.table().equals(Optional.of(table)));
            add(
                    ofTables,
                    Stream.concat(own, script.ofTable(collection.name()).stream())
                            .toList());
            keys.removeIf(key -> key.table().equals(Optional.of(table)));
        }
        add(ofTables, keys);
        add(parts, script.parts());
        script.references().forEach(statement -> references.add(new Step(++number, statement)));
        add(last, script.last());
    }

    /** One step if it can be undone as one; else one for each statement. */
    private void add(List<Step> steps, List<SchemaStatement> statements) {
        if (dialect.rollsBackDefinitions()) {
            if (!statements.isEmpty()) {
                steps.add(new Step(++number, statements));
            }
        } else {
            statements.forEach(statement -> steps.add(new Step(++number, statement)));
        }
    }

    TableName table(RestoredCollection collection) {
        return TableName.of(collection.name(), dialect.defaultSchema());
    }

    List<RestoredCollection> collections() {
        return collections;
    }

    List<Step> definitions() {
        return definitions;
    }

    /** The number of the step in which a collection's rows are written. */
    int rows(String collection) {
        Integer step = rows.get(collection);
        if (step == null) {
            throw new IllegalArgumentException("the restore was not opened for collection " + collection);
        }
        return step;
    }

    List<Step> ofTables() {
        return ofTables;
    }

    List<Step> parts() {
        return parts;
    }

    List<Step> references() {
        return references;
    }

    List<Step> last() {
        return last;
    }

    /** The highest number of a step. */
    int steps() {
        return number;
    }

    /** All that is executed besides rows, in order. */
    List<SchemaStatement> statements() {
        return Stream.of(definitions, ofTables, parts, references, last)
                .flatMap(List::stream)
                .flatMap(step -> step.statements().stream())
                .toList();
    }

    /** Text that is the same for the same restore; empty if it can't be told from another one by what is to be restored. */
    String identity() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        statements().forEach(statement -> update(digest, statement.sql()));
        for (RestoredCollection collection : collections) {
            if (collection.identity().isEmpty()) {
                return "";
            }
            update(digest, collection.name());
            update(digest, collection.identity());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        digest.update(bytes);
    }
}
