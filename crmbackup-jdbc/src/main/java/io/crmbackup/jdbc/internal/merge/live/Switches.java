package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Switch;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is off while rows are written: triggers, if that was asked for, and the checks of references that nothing else helps with. All of it is on
 * again, and proven to be as it was, before the transaction ends. Used by one thread at a time.
 */
public final class Switches {
    private final LiveDatabase database;
    private final List<Switch> switches = new ArrayList<>();
    private final Map<Table, List<String>> triggers = new LinkedHashMap<>();
    private final List<String> orphansBefore = new ArrayList<>();
    private boolean unchecked;

    public Switches(LiveDatabase database) {
        this.database = database;
    }

    public void triggers(Table table, Switch off) throws SQLException {
        triggers.put(table, database.dialect().triggers(database.connection(), table.name()));
        switches.add(off);
    }

    /** A reference that is not checked before the end. */
    void reference(Switch off) {
        unchecked = true;
        if (!switches.contains(off)) {
            switches.add(off);
        }
    }

    /** The statements, for the preview. */
    public List<String> steps() {
        List<String> steps = new ArrayList<>();
        switches.forEach(part -> steps.addAll(part.off()));
        steps.addAll(statementsBack());
        return steps;
    }

    private List<String> statementsBack() {
        Set<String> on = new LinkedHashSet<>();
        switches.forEach(part -> on.addAll(part.on()));
        return List.copyOf(on);
    }

    public void off() throws SQLException {
        if (unchecked) {
            orphansBefore.addAll(database.dialect().brokenReferences(database.connection()));
        }
        for (Switch part : switches) {
            for (String sql : part.off()) {
                Dialect.execute(database.connection(), sql);
            }
        }
    }

    /** Turns everything on, and looks whether it is. */
    public void on() throws IOException, SQLException {
        if (switches.isEmpty()) {
            return;
        }
        for (String sql : statementsBack()) {
            Dialect.execute(database.connection(), sql);
        }
        for (Map.Entry<Table, List<String>> table : triggers.entrySet()) {
            List<String> now = database.dialect()
                    .triggers(database.connection(), table.getKey().name());
            if (!now.equals(table.getValue())) {
                throw new IOException("the triggers of table " + table.getKey().collection()
                        + " are not as they were: " + table.getValue() + " before, " + now
                        + " now; nothing was changed");
            }
        }
        if (unchecked) {
            checkReferences();
        }
    }

    private void checkReferences() throws IOException, SQLException {
        List<String> orphans = new ArrayList<>(database.dialect().brokenReferences(database.connection()));
        orphans.removeAll(orphansBefore);
        if (!orphans.isEmpty()) {
            throw new IOException("rows refer to none, which the database did not check while they were written: "
                    + String.join("; ", orphans) + "; nothing was changed");
        }
    }

    /** How a reference can be checked later, if it can. */
    public boolean loosen(Table table, Reference reference) {
        return database.dialect()
                .referenceSwitch(table.name(), reference)
                .map(off -> {
                    reference(off);
                    return true;
                })
                .orElse(false);
    }
}
