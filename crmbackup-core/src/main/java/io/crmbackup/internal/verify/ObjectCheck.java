package io.crmbackup.internal.verify;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.RepositoryHeader;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Reads the objects that a repository is opened with: header, key slots, log, checkpoints, indexes. What an open repository has in memory
 * proves nothing about what the next one will find. Not thread-safe.
 */
final class ObjectCheck {
    private final Storage storage;
    private final LogState state;
    private final List<SnapshotId> all;
    private final List<Damage> damages = new ArrayList<>();
    private long objects;

    ObjectCheck(Storage storage, LogState state) {
        this.storage = storage;
        this.state = state;
        this.all = state.snapshots().stream()
                .map(live -> Storage.id(live.summary().id()))
                .toList();
    }

    void run() {
        check(ObjectRole.REPOSITORY, RepositoryHeader.NAME, all, "without it the repository can't be opened");
        for (String name : names(ObjectRole.KEY)) {
            check(ObjectRole.KEY, name, List.of(), "nobody can open the repository by this key slot");
        }
        for (long number = 0; number < state.next(); number++) {
            check(ObjectRole.LOG, ObjectRole.LOG.name(number), all, "a checkpoint may stand in for it, or none");
        }
        for (String name : names(ObjectRole.CHECKPOINT)) {
            check(ObjectRole.CHECKPOINT, name, List.of(), "the log is read from an earlier one");
        }
        for (ObjectId index : state.indexes().keySet()) {
            check(ObjectRole.INDEX, ObjectRole.INDEX.name(index), List.of(), "the packs themselves tell what it told");
        }
    }

    private List<String> names(ObjectRole role) {
        TreeSet<String> names = new TreeSet<>();
        storage.objects().list(role.prefix(), object -> names.add(object.name()));
        return List.copyOf(names);
    }

    private void check(ObjectRole role, String name, List<SnapshotId> needing, String consequence) {
        Interruption.check();
        objects++;
        try {
            Envelope.unwrap(role, name, storage.objects().get(role, name));
        } catch (DamagedObjectException e) {
            List<String> items = needing.isEmpty() ? List.of() : List.of("all of them");
            damages.add(new Damage(name, e.getMessage() + "; " + consequence, needing, items));
        }
    }

    List<Damage> damages() {
        return List.copyOf(damages);
    }

    long objects() {
        return objects;
    }
}
