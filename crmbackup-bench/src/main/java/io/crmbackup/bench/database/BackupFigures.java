package io.crmbackup.bench.database;

import java.util.Locale;

/**
 * What one backup took, as its JVM tells.
 *
 * @param wall seconds, with opening the repository
 * @param cpu seconds of this backup
 * @param jvmCpu seconds since the JVM started
 * @param peakResident bytes of the whole process, since it started
 */
record BackupFigures(
        double wall,
        double cpu,
        double jvmCpu,
        long records,
        long bytesRead,
        long bytesChanged,
        long bytesStored,
        long peakResident) {

    static final String BEGIN = "figures ";

    String line() {
        return String.format(
                Locale.ROOT,
                BEGIN + "%f %f %f %d %d %d %d %d",
                wall,
                cpu,
                jvmCpu,
                records,
                bytesRead,
                bytesChanged,
                bytesStored,
                peakResident);
    }

    static BackupFigures parse(String line) {
        String[] parts = line.substring(BEGIN.length()).split(" ");
        return new BackupFigures(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Long.parseLong(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                Long.parseLong(parts[7]));
    }
}
