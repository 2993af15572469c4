package io.crmbackup.jdbc.internal.dialect;

/** Waits for threads that use somebody's connections: these can't be given back before. */
public final class ThreadEnd {
    private ThreadEnd() {}

    /** Waits for the end of all, however often it is interrupted; an interrupt is restored afterwards. */
    public static void await(Iterable<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
