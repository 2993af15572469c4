package io.crmbackup.bench.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a server took of the CPU since it started, as Linux tells: its main process, the children that ended, and those that live. */
record ServerCpu(ProcessHandle server) {
    /** A hundredth of a second, whatever the kernel's own tick (proc(5), sysconf(_SC_CLK_TCK)). */
    private static final double TICKS_PER_SECOND = 100;

    /** Asks again as long as children come and go meanwhile: the time of one that ends is its parent's from then on, and would be counted twice or not at all. */
    double seconds() throws IOException {
        while (true) {
            List<ProcessHandle> children = server.children().toList();
            long ticks = ticks(server.pid());
            for (ProcessHandle child : children) {
                ticks += ticks(child.pid());
            }
            if (Set.copyOf(children).equals(server.children().collect(Collectors.toSet()))) {
                return ticks / TICKS_PER_SECOND;
            }
        }
    }

    private static long ticks(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The second field is a name, which may hold anything but ends with the last parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (IOException e) {
            // It ended before its file was opened, or while that was read.
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                throw e;
            }
            return 0;
        }
    }
}
