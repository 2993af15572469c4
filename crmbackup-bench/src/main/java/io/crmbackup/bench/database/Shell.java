package io.crmbackup.bench.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs programs by bash and measures them. */
final class Shell {
    /** What bash's {@code times} writes: user and system time of the shell, then of its children. */
    private static final Pattern TIME = Pattern.compile("(\\d+)m(\\d+)[.,](\\d+)s");

    private Shell() {}

    /**
     * Runs a script, in which any failing command of a pipe fails the whole.
     *
     * @return how long it took, and the CPU time of all programs that it ran
     */
    static Cost run(String script) throws IOException, InterruptedException {
        Path output = Files.createTempFile("bench", ".out");
        try {
            long begin = System.nanoTime();
            Process bash = new ProcessBuilder("bash", "-c", "set -euo pipefail\n" + script + "\ntimes")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int status = bash.waitFor();
            long wall = System.nanoTime() - begin;
            String said = Files.readString(output, StandardCharsets.UTF_8);
            if (status != 0) {
                throw new IOException("Status " + status + " of: " + script + "\n" + said);
            }
            return new Cost(wall / 1e9, cpuSeconds(said));
        } finally {
            Files.delete(output);
        }
    }

    /** What a command says, on one line. */
    static String output(String command) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        return said.strip().replace("\n", ", ");
    }

    private static double cpuSeconds(String said) {
        double seconds = 0;
        String[] lines = said.strip().split("\n", -1);
        for (int i = lines.length - 2; i < lines.length; i++) {
            Matcher times = TIME.matcher(lines[i]);
            while (times.find()) {
                seconds += 60 * Integer.parseInt(times.group(1))
                        + Double.parseDouble(times.group(2) + "." + times.group(3));
            }
        }
        return seconds;
    }

    /** The seconds that something took, by the clock and of all cores. */
    record Cost(double wall, double cpu) {}
}
