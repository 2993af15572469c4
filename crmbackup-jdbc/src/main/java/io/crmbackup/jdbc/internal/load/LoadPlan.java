package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LateKeys;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RestoredCollection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a restore, each with a number: definitions; rows of tables; what belongs to single tables, each when its rows are there; what joins parts to the whole; references between tables; what
 * needs all of it. The same backup gives the same steps. Immutable.
 */
final class LoadPlan {
    private final Dialect dialect;
    private final List<RestoredCollection> collections;
    private final List<Step> definitions = new ArrayList<>();
    private final Map<String, Integer> rows = new HashMap<>();
    private final Map<String, List<Step>> ofTables = new LinkedHashMap<>();
    private final List<Step> ofOtherTables = new ArrayList<>();
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
        Map<TableName, Late> late = define(before);
        for (RestoredCollection collection : collections) {
            rows.put(collection.name(), ++number);
        }
        List<List<SchemaStatement>> afterAllRows = new ArrayList<>();
        for (RestoredCollection collection : collections) {
            TableName table = table(collection);
            Stream<SchemaStatement> own =
                    keys.stream().filter(key -> key.table().equals(Optional.of(table)));
            List<Step> steps = ofTables.computeIfAbsent(collection.name(), any -> new ArrayList<>());
            List<SchemaStatement> all = Stream.concat(own, script.ofTable(collection.name()).stream())
                    .toList();
            add(steps, all.stream().filter(LoadPlan::concernsOneTable).toList());
            afterAllRows.add(all.stream()
                    .filter(statement -> !concernsOneTable(statement))
                    .toList());
            keys.removeIf(key -> key.table().equals(Optional.of(table)));
            addLate(steps, late.remove(table));
        }
        afterAllRows.forEach(statements -> add(ofOtherTables, statements));
        add(ofOtherTables, keys);
        late.values().forEach(one -> addLate(ofOtherTables, one));
        add(parts, script.parts());
        script.references().forEach(statement -> references.add(new Step(++number, statement)));
        add(last, script.last());
    }

    /** A check holds for tables that inherit it, too, whose rows may break it where it is not validated; what calls functions of the backup may read any table. */
    private static boolean concernsOneTable(SchemaStatement statement) {
        return statement.isSafe()
                && (statement.kind() == SchemaStatement.Type.PRIMARY_KEY
                        || statement.kind() == SchemaStatement.Type.INDEX);
    }

    /** What makes a table what its definition says, when it has rows. */
    private record Late(SchemaStatement definition, SchemaStatement keys) {}

    /** Adds what is done before rows; what is left of it for later, by table. */
    private Map<TableName, Late> define(List<SchemaStatement> statements) {
        if (dialect.rollsBackDefinitions()) {
            add(definitions, statements);
            return new LinkedHashMap<>();
        }
        Map<TableName, Late> late = new LinkedHashMap<>();
        for (SchemaStatement statement : statements) {
            Optional<LateKeys> divided =
                    statement.kind() == SchemaStatement.Type.TABLE ? dialect.lateKeys(statement) : Optional.empty();
            if (divided.isPresent()) {
                definitions.add(new Step(++number, List.of(divided.get().table()), List.of()));
                late.put(
                        statement.table().orElseThrow(),
                        new Late(statement, divided.get().keys()));
            } else {
                definitions.add(new Step(++number, statement));
            }
        }
        return late;
    }

    private void addLate(List<Step> steps, @Nullable Late late) {
        if (late != null) {
            steps.add(new Step(++number, List.of(late.keys()), List.of(late.definition())));
        }
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

    /** Keys and indexes of a collection's table, when its rows are there. */
    List<Step> ofTable(String collection) {
        return ofTables.getOrDefault(collection, List.of());
    }

    /** What else belongs to tables, when all rows are there. */
    List<Step> ofOtherTables() {
        return ofOtherTables;
    }

    /** What belongs to single tables. */
    List<Step> ofTables() {
        return Stream.concat(ofTables.values().stream().flatMap(List::stream), ofOtherTables.stream())
                .toList();
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

    /** All that is defined, in the order in which it is whole. */
    List<SchemaStatement> statements() {
        return Stream.of(definitions, ofTables(), parts, references, last)
                .flatMap(List::stream)
                .flatMap(step -> step.makes().stream())
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
