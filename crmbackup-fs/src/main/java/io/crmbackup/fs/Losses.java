package io.crmbackup.fs;

import io.crmbackup.spi.RecordKey;
import java.nio.file.FileSystemException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What of restored files could not be brought back, though their contents were: no reason to let a restore fail, but to say so. Counts, and keeps
 * the first of each kind. Not thread-safe.
 */
final class Losses {
    /** What can be lost. */
    enum Kind {
        EXTENDED("extended attributes could not be set of"),
        RIGHTS("access control lists or flags could not be set of"),
        HARD_LINK("no hard links could be made, so files of their own are");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private record Loss(long count, byte[] first, String reason) {}

    private final Map<Kind, Loss> losses = new EnumMap<>(Kind.class);
    private byte[] key = new byte[0];

    /** Says which entry is being restored from now on. */
    void at(byte[] entry) {
        key = entry;
    }

    void add(Kind kind, Exception why) {
        Loss one = new Loss(1, key, reason(why));
        losses.merge(kind, one, (before, now) -> new Loss(before.count + 1, before.first, before.reason));
    }

    private static String reason(Exception why) {
        return why instanceof FileSystemException e && e.getReason() != null
                ? e.getReason()
                : why.getClass().getSimpleName();
    }

    /** For people. */
    List<String> notes() {
        return losses.entrySet().stream()
                .map(entry -> note(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String note(Kind kind, Loss loss) {
        String first = RecordKey.of(loss.first).pathText();
        return kind.text + " "
                + (loss.count == 1 ? first : loss.count + " files, the first of which is " + first)
                + ": " + loss.reason;
    }
}
