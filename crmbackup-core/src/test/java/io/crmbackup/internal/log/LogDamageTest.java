package io.crmbackup.internal.log;

import static io.crmbackup.internal.log.Contexts.context;
import static io.crmbackup.internal.log.Entries.commit;
import static io.crmbackup.internal.log.Entries.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Entries and checkpoints that are missing, changed, exchanged or taken back. */
class LogDamageTest {
    private final MemorySink sink = new MemorySink();
    private final Log log = Log.begin(context(sink), id(1));

    @Test
    void logWithoutItsFirstEntryIsDamaged() {
        sink.objects.clear();
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> Log.open(context(sink), null));
    }

    @Test
    void everyGapIsFound() {
        for (int i = 0; i < 5; i++) {
            log.join(id(9));
        }
        for (int gap = 0; gap < 5; gap++) {
            String name = ObjectRole.LOG.name(gap);
            byte[] removed = sink.objects.remove(name);
            assertThatExceptionOfType(DamagedObjectException.class)
                    .as("entry %d", gap)
                    .isThrownBy(() -> Log.open(context(sink), null))
                    .withMessageContaining("missing");
            sink.objects.put(name, removed);
        }
    }

    @Test
    void gapIsFoundByAClientThatReadsOn() {
        Log reader = Log.open(context(sink), null);
        log.join(id(9));
        log.join(id(9));
        sink.objects.remove(ObjectRole.LOG.name(1));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(reader::refresh)
                .withMessageContaining("missing");
    }

    @Test
    void wideGapIsFoundByTheListing() {
        for (int i = 0; i < 9; i++) {
            log.join(id(9));
        }
        for (int gap = 3; gap < 9; gap++) {
            sink.objects.remove(ObjectRole.LOG.name(gap));
        }
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(() -> Log.open(context(sink), null));
    }

    @Test
    void listingThatInventsEntriesIsNoDamage() {
        MemorySink inventive = new MemorySink() {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                super.list(prefix, visitor);
                visitor.accept(new SinkObject(prefix + "000000000777", 1, null));
            }
        };
        inventive.objects.putAll(sink.objects);
        assertThat(Log.open(context(inventive), null).state().next()).isEqualTo(1);
    }

    @Test
    void emptyListingsChangeNothing() {
        MemorySink silent = new MemorySink() {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) {}
        };
        Log writer = Log.begin(context(silent), id(1));
        for (int i = 0; i < 70; i++) {
            writer.join(id(9));
        }
        assertThat(Log.open(context(silent), null).state().next()).isEqualTo(71);
    }

    @Test
    void forkIsFound() {
        MemorySink fork = new MemorySink();
        fork.objects.putAll(sink.objects);
        Log victim = Log.open(context(fork), null);
        victim.join(id(2));
        log.join(id(3));
        log.join(id(4));
        fork.objects.put(ObjectRole.LOG.name(2), sink.objects.get(ObjectRole.LOG.name(2)));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(victim::refresh)
                .withMessageContaining("forked");
    }

    @Test
    void rollbackIsFoundByAClientThatRemembers() {
        log.join(id(2));
        LogPosition remembered = LogPosition.parse(log.state().position().toString());
        log.join(id(3));
        assertThat(Log.open(context(sink), remembered).state().next()).isEqualTo(3);

        sink.objects.remove(ObjectRole.LOG.name(2));
        sink.objects.remove(ObjectRole.LOG.name(1));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> Log.open(context(sink), remembered))
                .withMessageContaining("set back");
        Log.open(context(sink), null).join(id(4));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> Log.open(context(sink), remembered))
                .withMessageContaining("exchanged");
    }

    @Test
    void entryUnderAnotherNumberIsDamaged() {
        log.join(id(2));
        sink.objects.put(ObjectRole.LOG.name(2), sink.objects.get(ObjectRole.LOG.name(1)));
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(log::refresh);
    }

    @Test
    void rollbackIsFoundByACheckpointThatWasLeft() {
        for (int i = 0; i < 65; i++) {
            log.join(id(9));
        }
        for (int number = 65; number >= 63; number--) {
            Log.open(context(sink), null);
            sink.objects.remove(ObjectRole.LOG.name(number));
        }
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> Log.open(context(sink), null))
                .withMessageContaining("set back");
    }

    @Test
    void checkpointsThatAreDamagedOrOfAnotherLogAreNotBelieved() {
        for (int i = 0; i < 63; i++) {
            log.join(id(9));
        }
        byte[] good = sink.objects.get("checkpoint/000000000064");
        for (int i = 0; i < good.length; i += 7) {
            byte[] damaged = good.clone();
            damaged[i] ^= 1;
            sink.objects.put("checkpoint/000000000064", damaged);
            assertThat(Log.open(context(sink), null).state().next()).isEqualTo(64);
        }
        // A sum of other entries, though well sealed.
        LogState other = new LogState(
                new LogPosition(64, LogPosition.NONE),
                new LinkedHashMap<>(),
                new LinkedHashMap<>(),
                IdSet.empty(),
                IdSet.of(id(6)),
                IdSet.empty());
        sink.objects.remove("checkpoint/000000000064");
        new Checkpoints(context(sink)).write(other);
        assertThat(Log.open(context(sink), null).state().condemned()).isEqualTo(IdSet.empty());
    }

    @Test
    void everyFlippedByteOfAnEntryIsDamage() {
        log.commit(commit(5), CommitRepair.NONE);
        byte[] stored = sink.objects.get(ObjectRole.LOG.name(1));
        for (int i = 0; i < stored.length; i++) {
            byte[] changed = stored.clone();
            changed[i] ^= 0x10;
            sink.objects.put(ObjectRole.LOG.name(1), changed);
            assertThatExceptionOfType(DamagedObjectException.class)
                    .as("byte %d", i)
                    .isThrownBy(() -> Log.open(context(sink), null));
        }
    }
}
