package io.crmbackup.bench.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a server took of the CPU since it started, as Linux tells: its main process, the children that ended, and those that live. */
record ServerCpu(ProcessHandle server) {
    /** A hundredth of a second, whatever the kernel's own tick (proc(5), sysconf(_SC_CLK_TCK)). */
    private static final double TICKS_PER_SECOND = 100;

    double seconds() throws IOException {
        long ticks = ticks(server.pid());
        for (ProcessHandle child : server.children().toList()) {
            ticks += ticks(child.pid());
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static long ticks(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The second field is a name, which may hold anything but ends with the last parenthesis.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
