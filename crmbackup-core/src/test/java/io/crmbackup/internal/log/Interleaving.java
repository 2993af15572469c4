package io.crmbackup.internal.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs several actors as threads of which one at a time goes on, from one step to the next; which one is drawn from a
 * seed. So a seed is a schedule that can be
 * played again. An actor may be held up for a long time, or for ever (a crash).
 */
final class Interleaving {
    /** Ends an actor that will never be scheduled again. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash() {
            super(null, null, false, false);
        }
    }

    private static final class Actor {
        private final Semaphore turn = new Semaphore(0);
        private int resumes;
        private boolean ended;
    }

    private static final int MAX_STEPS = 600;

    private final Random random;
    private final Runnable betweenSteps;
    private final Semaphore idle = new Semaphore(0);
    private final List<Actor> actors = new ArrayList<>();
    private volatile boolean over;
    private volatile @Nullable Actor current;
    private volatile @Nullable Throwable failure;

    Interleaving(Random random, Runnable betweenSteps) {
        this.random = random;
        this.betweenSteps = betweenSteps;
    }

    void add(ExecutorService threads, Runnable body) {
        Actor actor = new Actor();
        actors.add(actor);
        threads.execute(() -> {
            actor.turn.acquireUninterruptibly();
            try {
                if (!over) {
                    body.run();
                }
            } catch (Crash e) {
                // as if the machine had been switched off
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                actor.ended = true;
                idle.release();
            }
        });
    }

    /** Called by an actor before anything that others can see or disturb. */
    void step() {
        Actor me = current;
        if (me == null) {
            return; // before or after the run
        }
        idle.release();
        me.turn.acquireUninterruptibly();
        if (over) {
            throw new Crash();
        }
    }

    /** Runs all actors to their ends, or to the end of the schedule. */
    void run() {
        double stickiness = new double[] {0, 0.6, 0.9}[random.nextInt(3)];
        for (int step = 0; step < MAX_STEPS; step++) {
            List<Actor> ready = new ArrayList<>();
            for (Actor actor : actors) {
                if (!actor.ended && actor.resumes <= step) {
                    ready.add(actor);
                }
            }
            if (ready.isEmpty()) {
                if (actors.stream().allMatch(actor -> actor.ended)) {
                    break;
                }
                continue;
            }
            Actor before = current;
            Actor next = before != null && ready.contains(before) && random.nextDouble() < stickiness
                    ? before
                    : ready.get(random.nextInt(ready.size()));
            if (random.nextInt(30) == 0) {
                next.resumes = step + 10 + random.nextInt(150);
                continue;
            }
            go(next);
            betweenSteps.run();
        }
        over = true;
        for (Actor actor : actors) {
            if (!actor.ended) {
                go(actor);
            }
        }
        current = null;
        if (failure != null) {
            throw new IllegalStateException("an actor failed", failure);
        }
    }

    private void go(Actor actor) {
        current = actor;
        actor.turn.release();
        idle.acquireUninterruptibly();
    }
}
