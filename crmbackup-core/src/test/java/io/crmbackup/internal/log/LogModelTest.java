package io.crmbackup.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.error.BackupException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Writers, pruners and an expirer on one repository through the real log, under thousands of drawn schedules and a
 * sink that does
 * all that a sink may. The right protocol never loses a chunk of a live snapshot; each wrong variant does so under
 * some schedule,
 * which shows that these schedules would find it.
 */
class LogModelTest {
    private static final int RUNS = Integer.getInteger("crmbackup.schedules", 1000);
    private static final int RUNS_TO_FIND_A_LOSS = 40_000;

    private final ExecutorService threads = Executors.newCachedThreadPool(body -> {
        Thread thread = new Thread(body, "model");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Map<String, byte[]>> starts =
            List.of(start(List.of()), start(List.of(new Model.Copy('B', Model.NO_PACK, null, Model.NO_PACK))));
    private int commits;
    private int repairs;
    private int deletes;
    private int unanswered;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void noScheduleLosesAChunk() {
        for (int seed = 0; seed < RUNS; seed++) {
            assertThat(run(seed, Variant.NONE, true)).as("seed %d", seed).isEmpty();
        }
        // That nothing was lost means something only if things happened.
        assertThat(commits).isGreaterThan(RUNS / 2);
        assertThat(repairs).isGreaterThan(RUNS / 20);
        assertThat(deletes).isGreaterThan(RUNS / 2);
        assertThat(unanswered).isGreaterThan(RUNS);
    }

    @ParameterizedTest
    @EnumSource(value = Variant.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyWrongVariantLosesAChunkUnderSomeSchedule(Variant variant) {
        int seed = 0;
        while (run(seed, variant, false).isEmpty()) {
            assertThat(++seed).as("schedules without a loss").isLessThan(RUNS_TO_FIND_A_LOSS);
        }
        assertThat(run(seed, Variant.NONE, false))
                .as("seed %d without the fault", seed)
                .isEmpty();
    }

    @Test
    void aSeedIsASchedule() {
        for (int seed = 0; seed < 20; seed++) {
            assertThat(entries(seed)).as("seed %d", seed).isEqualTo(entries(seed));
        }
    }

    private int entries(int seed) {
        commits = 0;
        unanswered = 0;
        run(seed, Variant.NONE, true);
        return commits * 1000 + unanswered;
    }

    private List<String> run(int seed, Variant variant, boolean strict) {
        Random random = new Random(seed);
        ModelSink sink = new ModelSink(starts.get(random.nextInt(2)), random);
        Model model = new Model(sink, random);
        List<ModelWriter> writers = new ArrayList<>();
        List<ModelPruner> pruners = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            writers.add(new ModelWriter(model, variant));
        }
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            pruners.add(new ModelPruner(model, variant));
        }
        Log expirer = Log.open(model.context, null);
        Interleaving interleaving = new Interleaving(random, () -> sink.deliverSome(0.05));
        writers.forEach(writer -> interleaving.add(threads, writer));
        pruners.forEach(pruner -> interleaving.add(threads, pruner));
        interleaving.add(threads, () -> expire(expirer, random));
        sink.disturb(interleaving::step);
        interleaving.run();
        sink.calm();
        sink.deliverSome(0.5);
        writers.forEach(writer -> {
            commits += writer.commits;
            repairs += writer.repairs;
        });
        pruners.forEach(pruner -> deletes += pruner.deletes);
        unanswered += sink.unanswered;
        return model.lost(strict);
    }

    private static void expire(Log log, Random random) {
        try {
            log.expire(state -> {
                List<ObjectId> expired = new ArrayList<>();
                for (LogState.Live live : state.snapshots()) {
                    if (random.nextInt(3) != 0) {
                        expired.add(live.summary().id());
                    }
                }
                return IdSet.of(expired);
            });
        } catch (BackupException e) {
            // Failed typed.
        }
    }

    private static Map<String, byte[]> start(List<Model.Copy> extra) {
        ModelSink sink = new ModelSink(new TreeMap<>(), new Random(0));
        new Model(sink, new Random(0)).start(extra);
        return new TreeMap<>(sink.objects);
    }
}
