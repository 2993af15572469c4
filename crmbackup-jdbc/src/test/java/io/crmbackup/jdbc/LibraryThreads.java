package io.crmbackup.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The threads that the library has begun in this JVM. */
final class LibraryThreads {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private LibraryThreads() {}

    /** Those that stay: one that has done all its work still counts as alive for a moment. */
    static List<String> left() throws InterruptedException {
        return left("crmbackup-");
    }

    /** Those that stay of the ones whose names begin so. */
    static List<String> left(String prefix) throws InterruptedException {
        for (Thread thread : alive(prefix).toList()) {
            thread.join(LONGEST.toMillis());
        }
        return alive(prefix).map(Thread::getName).toList();
    }

    private static Stream<Thread> alive(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith(prefix));
    }
}
