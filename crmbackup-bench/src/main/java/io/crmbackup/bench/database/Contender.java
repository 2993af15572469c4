package io.crmbackup.bench.database;

import java.util.Locale;

/** The figures of one that takes part in a comparison. Not thread-safe. */
final class Contender {
    static final String HEADER = "| | wall s | its CPU s | server CPU s | MB |\n|---|---|---|---|---|";

    private final String name;
    private final Series wall = new Series();
    private final Series cpu = new Series();
    private final Series server = new Series();
    private final Series bytes = new Series();

    Contender(String name) {
        this.name = name;
    }

    void add(double wallSeconds, double cpuSeconds, double serverSeconds, long stored) {
        wall.add(wallSeconds);
        cpu.add(cpuSeconds);
        server.add(serverSeconds);
        bytes.add(stored / 1e6);
    }

    double wall() {
        return wall.median();
    }

    /** A line for each figure that is so many times the other's. */
    String against(Contender other) {
        return String.format(
                Locale.ROOT,
                "%s / %s: wall %.2f, CPU with the server's %.2f, size %.2f",
                name,
                other.name,
                wall.median() / other.wall.median(),
                (cpu.median() + server.median()) / (other.cpu.median() + other.server.median()),
                bytes.median() / other.bytes.median());
    }

    /** A row of the table below {@link #HEADER}. */
    @Override
    public String toString() {
        return "| " + name + " | " + wall + " | " + cpu + " | " + server + " | " + bytes + " |";
    }
}
