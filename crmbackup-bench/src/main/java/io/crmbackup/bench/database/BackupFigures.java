package io.crmbackup.bench.database;

import java.util.Locale;

/**
 * What one backup took, as its JVM tells.
 *
 * @param opening seconds that opening the repository took before; 0 if it was open
 * @param wall seconds, without opening
 * @param cpu seconds of this backup
 * @param jvmCpu seconds since the JVM started
 * @param peakResident bytes of the whole process, since it started
 */
record BackupFigures(
        double opening,
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
                BEGIN + "%f %f %f %f %d %d %d %d %d",
                opening,
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
        String[] parts = line.substring(BEGIN.length()).split(" ", -1);
        return new BackupFigures(
                Double.parseDouble(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                Long.parseLong(parts[7]),
                Long.parseLong(parts[8]));
    }
}
