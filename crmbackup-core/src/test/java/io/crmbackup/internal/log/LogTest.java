package io.crmbackup.internal.log;

import static io.crmbackup.internal.log.Contexts.context;
import static io.crmbackup.internal.log.Entries.commit;
import static io.crmbackup.internal.log.Entries.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What clients append to one log, and what becomes of a commit that others overtook. */
class LogTest {
    private final MemorySink sink = new MemorySink();
    private final Log log = Log.begin(context(sink), id(1));

    @Test
    void beginWritesTheFirstEntryOnce() {
        assertThat(log.state().next()).isEqualTo(1);
        assertThat(Log.begin(context(sink), id(2)).state().next()).isEqualTo(1);
        assertThat(sink.objects).containsOnlyKeys("log/000000000000");
    }

    @Test
    void committedSnapshotsAreListedInTheirOrder() {
        log.commit(commit(5), CommitRepair.NONE);
        log.commit(commit(3), CommitRepair.NONE);
        LogState read = Log.open(context(sink), null).state();
        assertThat(read.snapshots())
                .extracting(LogState.Live::summary)
                .containsExactly(Entries.summary(id(5)), Entries.summary(id(3)));
        assertThat(read.snapshots()).extracting(LogState.Live::number).containsExactly(1L, 2L);
        assertThat(read).usingRecursiveComparison().isEqualTo(log.state());
    }

    @Test
    void clientsSeeEachOthersEntries() {
        Log other = Log.open(context(sink), null);
        log.commit(commit(5), CommitRepair.NONE);
        assertThat(other.state().isLive(id(5))).isFalse();
        other.commit(commit(6), CommitRepair.NONE);
        assertThat(other.state().isLive(id(5))).isTrue();
        assertThat(log.refresh().isLive(id(6))).isTrue();
    }

    @Test
    void checkpointsSpareReadingAndAreWrittenRegularly() {
        for (int i = 0; i < 140; i++) {
            log.commit(commit(i + 10), CommitRepair.NONE);
        }
        assertThat(sink.objects).containsKeys("checkpoint/000000000064", "checkpoint/000000000128");
        List<String> read = new ArrayList<>();
        MemorySink watched = new MemorySink() {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                read.add(name);
                return super.get(name, offset, length);
            }
        };
        watched.objects.putAll(sink.objects);
        LogState state = Log.open(context(watched), null).state();
        assertThat(state).usingRecursiveComparison().isEqualTo(log.state());
        assertThat(read).hasSizeLessThan(20);

        // An entry that only an older client would have to read may even be lost.
        watched.objects.remove(ObjectRole.LOG.name(50));
        assertThat(Log.open(context(watched), null).state().next()).isEqualTo(141);
    }

    @Test
    void commitOnCondemnedPackIsRepaired() {
        log.commit(commit(5), CommitRepair.NONE);
        log.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(7)), List.of())));
        List<CommitConflict> conflicts = new ArrayList<>();
        log.commit(commit(7), (rejected, conflict, state) -> {
            conflicts.add(conflict);
            return commit(8);
        });
        assertThat(conflicts).containsExactly(new CommitConflict(IdSet.of(id(7)), IdSet.empty()));
        assertThat(log.state().isLive(id(7))).isFalse();
        assertThat(log.state().isLive(id(8))).isTrue();
    }

    @Test
    void commitIsGivenUpAfterThreeRepairs() {
        log.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(7)), List.of())));
        List<CommitConflict> conflicts = new ArrayList<>();
        assertThatExceptionOfType(CommitConflictException.class)
                .isThrownBy(() -> log.commit(commit(7), (rejected, conflict, state) -> {
                    conflicts.add(conflict);
                    return rejected;
                }));
        assertThat(conflicts).hasSize(CommitProposal.MAX_REPAIRS);
        assertThat(log.refresh().next()).isEqualTo(2);
    }

    @Test
    void commitOnExpiredParentIsRepaired() {
        log.commit(commit(5), CommitRepair.NONE);
        log.expire(state -> IdSet.of(id(5)));
        LogEntry.Commit child = new LogEntry.Commit(Entries.summary(id(6)), IdSet.of(id(5)), List.of(), IdSet.empty());
        log.commit(child, (rejected, conflict, state) -> {
            assertThat(conflict).isEqualTo(new CommitConflict(IdSet.empty(), IdSet.of(id(5))));
            return new LogEntry.Commit(rejected.snapshot(), IdSet.empty(), List.of(), IdSet.of(id(5)));
        });
        assertThat(log.state().isLive(id(6))).isTrue();
    }

    @Test
    void commitOnUnlistedPackIsRefused() {
        LogEntry.Commit unlisted =
                new LogEntry.Commit(Entries.summary(id(6)), IdSet.empty(), List.of(), IdSet.of(id(77)));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> log.commit(unlisted, CommitRepair.NONE))
                .withMessageContaining("no index that the log names lists it");
        assertThat(log.refresh().next()).isEqualTo(1);
    }

    @Test
    void indexThatWasDroppedIsNotNamedAgain() {
        log.commit(commit(5), CommitRepair.NONE);
        log.reindex(new LogEntry.Reindex(List.of(new IndexRef(id(50), IdSet.of(id(5)))), IdSet.of(id(5))));
        // Found the index by listing, long ago.
        LogEntry.Commit late = new LogEntry.Commit(
                Entries.summary(id(6)), IdSet.empty(), List.of(new IndexRef(id(5), IdSet.of(id(5)))), IdSet.of(id(5)));
        log.commit(late, CommitRepair.NONE);
        assertThat(log.state().indexes()).containsOnlyKeys(id(50));
    }

    @Test
    void expireIsAskedAgainWhenOvertaken() {
        for (int i = 5; i < 8; i++) {
            log.commit(commit(i), CommitRepair.NONE);
        }
        Log other = Log.open(context(sink), null);
        List<Set<ObjectId>> asked = new ArrayList<>();
        log.expire(state -> {
            if (asked.isEmpty()) {
                other.expire(late -> IdSet.of(id(5)));
            }
            List<ObjectId> live =
                    state.snapshots().stream().map(s -> s.summary().id()).toList();
            asked.add(Set.copyOf(live));
            return IdSet.of(live.subList(0, live.size() - 2)); // keep the last two
        });
        assertThat(asked).containsExactly(Set.of(id(5), id(6), id(7)), Set.of(id(6), id(7)));
        assertThat(log.refresh().snapshots()).hasSize(2);
    }

    @Test
    void condemnDropsWhatACommitCameToRelyOn() {
        log.commit(commit(5), CommitRepair.NONE);
        Log other = Log.open(context(sink), null);
        List<LogState> marked = new ArrayList<>();
        log.condemn(state -> {
            marked.add(state);
            other.commit(commit(7), CommitRepair.NONE);
            return Optional.of(new LogEntry.Condemn(IdSet.of(id(7), id(8)), List.of()));
        });
        assertThat(marked).hasSize(1);
        assertThat(log.state().condemned()).isEqualTo(IdSet.of(id(8)));
    }

    @Test
    void condemnMarksAgainWhenAnotherCondemned() {
        Log other = Log.open(context(sink), null);
        List<LogState> marked = new ArrayList<>();
        log.condemn(state -> {
            marked.add(state);
            if (marked.size() == 1) {
                other.condemn(late -> Optional.of(new LogEntry.Condemn(IdSet.of(id(7)), List.of())));
            }
            return Optional.of(new LogEntry.Condemn(IdSet.of(id(8)), List.of()));
        });
        assertThat(marked).hasSize(2);
        assertThat(marked.get(1).condemned()).isEqualTo(IdSet.of(id(7)));
        assertThat(log.state().condemned()).isEqualTo(IdSet.of(id(7), id(8)));
    }

    @Test
    void sweptPacksStayCondemned() {
        log.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(7), id(8)), List.of())));
        log.swept(IdSet.of(id(7)));
        log.swept(IdSet.of(id(7)));
        assertThat(log.state().next()).isEqualTo(3);
        assertThat(log.state().condemned()).isEqualTo(IdSet.of(id(7), id(8)));
        assertThat(log.state().toBeDeleted()).isEqualTo(IdSet.of(id(8)));
        assertThatIllegalArgumentException().isThrownBy(() -> log.swept(IdSet.of(id(9))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.condemn(s -> Optional.of(new LogEntry.Condemn(IdSet.of(id(7)), List.of()))));
    }

    @Test
    void reindexKeepsEveryPackListedThatIsNotCondemned() {
        log.commit(commit(5), CommitRepair.NONE);
        log.commit(commit(6), CommitRepair.NONE);
        IndexRef merged = new IndexRef(id(50), IdSet.of(id(5)));
        LogEntry.Reindex loses = new LogEntry.Reindex(List.of(merged), IdSet.of(id(5), id(6)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> log.reindex(loses))
                .withMessageContaining("no longer be listed");
        log.expire(state -> IdSet.of(id(6)));
        log.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(6)), List.of())));
        log.reindex(loses);
        assertThat(log.state().indexes()).containsOnlyKeys(id(50));
        assertThat(log.state().dropped()).isEqualTo(IdSet.of(id(5), id(6)));
        assertThat(log.state().isGood(id(5))).isTrue();
        assertThat(log.state().isGood(id(6))).isFalse();
        long next = log.state().next();
        assertThat(log.reindex(new LogEntry.Reindex(List.of(), IdSet.of(id(5)))).next())
                .isEqualTo(next);
    }

    /** Its object may be gone: whoever saw that all its packs are condemned was free to delete it. */
    @Test
    void reindexNamesNoIndexWhosePacksAreAllCondemned() {
        log.commit(commit(5), CommitRepair.NONE);
        LogEntry.Reindex merge = new LogEntry.Reindex(List.of(new IndexRef(id(50), IdSet.of(id(5)))), IdSet.of(id(5)));
        log.expire(state -> IdSet.of(id(5)));
        log.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(5)), List.of())));
        log.reindex(merge);
        assertThat(log.state().indexes()).isEmpty();
        assertThat(log.state().dropped()).isEqualTo(IdSet.of(id(5)));
    }

    /** As if the writer had been suspended for a year right before its entry was put. */
    @Test
    void writerThatSleptThroughAWholePruneRepairs() {
        log.commit(commit(5), CommitRepair.NONE);
        Log pruner = Log.open(context(sink), null);
        MemorySink slow = new MemorySink() {
            private boolean slept;

            @Override
            public void put(String name, SinkContent content) throws IOException {
                if (!slept) {
                    slept = true;
                    pruner.expire(state -> IdSet.of(id(5)));
                    pruner.condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(id(5), id(7)), List.of())));
                    pruner.swept(IdSet.of(id(5), id(7)));
                }
                sink.put(name, content);
            }

            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return sink.get(name, offset, length);
            }
        };
        // Shares with snapshot 5, found pack 5 by looking up, and wrote pack 7.
        LogEntry.Commit sleepy = new LogEntry.Commit(
                Entries.summary(id(7)),
                IdSet.of(id(5)),
                List.of(new IndexRef(id(7), IdSet.of(id(7)))),
                IdSet.of(id(5), id(7)));
        List<CommitConflict> conflicts = new ArrayList<>();
        Log.open(context(slow), null).commit(sleepy, (rejected, conflict, state) -> {
            conflicts.add(conflict);
            return commit(8);
        });
        assertThat(conflicts).containsExactly(new CommitConflict(IdSet.of(id(5), id(7)), IdSet.of(id(5))));
        assertThat(log.refresh().snapshots())
                .extracting(live -> live.summary().id())
                .containsExactly(id(8));
    }

    @Test
    void threadsOfOneClientAppendWithoutGaps() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int first = 100 * (t + 1);
                done.add(threads.submit(() -> {
                    for (int i = 0; i < 25; i++) {
                        log.commit(commit(first + i), CommitRepair.NONE);
                    }
                }));
            }
            for (Future<?> thread : done) {
                thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(log.state().next()).isEqualTo(101);
        assertThat(Log.open(context(sink), null).state().snapshots()).hasSize(100);
    }

    /** Two threads use one log, and the one that read less is the last to say what it read. */
    @Test
    void whatIsKnownNeverBecomesLess() {
        List<Log> logs = new ArrayList<>();
        MemorySink overtaking = new MemorySink() {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                try {
                    return super.get(name, offset, length);
                } catch (NoSuchFileException e) {
                    if (!logs.isEmpty()) {
                        logs.remove(0).join(id(5));
                    }
                    throw e;
                }
            }
        };
        overtaking.objects.putAll(sink.objects);
        Log shared = Log.open(context(overtaking), null);
        // One thread appends after the other has looked beyond the end of the log.
        logs.add(shared);
        shared.refresh();
        assertThat(shared.state().next()).isEqualTo(2);
    }
}
