package io.crmbackup.bench.database;

import io.crmbackup.bench.database.BackupProcess.Limit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to run.
 *
 * @param rounds how often full backups take turns with dumps; 0 for none
 * @param warmups how many full and incremental backups a JVM has done before it counts as warm, at least 1
 * @param days how many working days are played and backed up
 * @param restores how often restores take turns with the vendor's; 0 for none
 * @param loadSeconds how long each measurement of an application load lasts; 0 for none
 * @param limit of the backups that are to be gentle
 */
record Options(
        String product,
        Path script,
        int scale,
        int rounds,
        int warmups,
        int days,
        int restores,
        long loadSeconds,
        Limit limit,
        Path work,
        Optional<String> url,
        long pid) {
    private static final String USE =
            "use: postgres|mariadb CRM.sql SCALE [rounds=5] [warmups=3] [days=3] [restores=3] [load=20]"
                    + " [limit=20,1 (MiB/s, cores)] [work=target] [url=jdbc:postgresql:... pid=PROCESS]";

    /**
     * Of the command line.
     *
     * @throws IllegalArgumentException saying what would be right
     */
    static Options parse(String... arguments) {
        if (arguments.length < 3 || !List.of("postgres", "mariadb").contains(arguments[0])) {
            throw new IllegalArgumentException(USE);
        }
        Map<String, String> named = new HashMap<>();
        for (String argument : List.of(arguments).subList(3, arguments.length)) {
            String[] pair = argument.split("=", 2);
            if (pair.length < 2) {
                throw new IllegalArgumentException(argument + "? " + USE);
            }
            named.put(pair[0], pair[1]);
        }
        Options options = new Options(
                arguments[0],
                Path.of(arguments[1]).toAbsolutePath(),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(take(named, "rounds", "5")),
                Integer.parseInt(take(named, "warmups", "3")),
                Integer.parseInt(take(named, "days", "3")),
                Integer.parseInt(take(named, "restores", "3")),
                Long.parseLong(take(named, "load", "20")),
                Limit.parse(take(named, "limit", "20,1")),
                Path.of(take(named, "work", "target")).toAbsolutePath(),
                Optional.ofNullable(named.remove("url")),
                Long.parseLong(take(named, "pid", "0")));
        if (!named.isEmpty()) {
            throw new IllegalArgumentException(named.keySet() + "? " + USE);
        }
        return options;
    }

    private static String take(Map<String, String> named, String name, String otherwise) {
        String value = named.remove(name);
        return value == null ? otherwise : value;
    }

    /** Starts the server if none is named, and fills the database. */
    CrmDatabase database() throws IOException, InterruptedException {
        if (url.isPresent()) {
            return PostgresCrm.at(url.get(), pid, script, scale);
        }
        return product.equals("postgres") ? PostgresCrm.start(script, scale) : MariaDbCrm.start(script, scale);
    }
}
