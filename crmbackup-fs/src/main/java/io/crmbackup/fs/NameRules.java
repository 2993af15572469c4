package io.crmbackup.fs;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names a file system can hold, and which of them it takes for the same. */
enum NameRules {
    /** Names are bytes. */
    POSIX(false, false),
    /** Names are text; case and composition of characters make no difference. */
    MAC(true, false),
    /** As on Macs; and many names mean devices, drives or streams. */
    WINDOWS(true, true);

    private static final int LONGEST = 255;
    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$");

    private final boolean text;
    private final boolean windows;

    NameRules(boolean text, boolean windows) {
        this.text = text;
        this.windows = windows;
    }

    /** The rules of the system that a path is on. */
    static NameRules of(Path path) {
        if (!FileFacts.isPosix(path)) {
            return WINDOWS;
        }
        return System.getProperty("os.name", "").startsWith("Mac") ? MAC : POSIX;
    }

    /** Whether names that differ may be the same file. */
    boolean folds() {
        return text;
    }

    /** What all names of one file have in common, for a name that {@link #objection} does not object to. */
    String folded(byte[] name) {
        String composed = Normalizer.normalize(new String(name, StandardCharsets.UTF_8), Normalizer.Form.NFC);
        return composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }

    /** Why a path component can't be a name, or would lead elsewhere; null if it is fine. */
    @Nullable
    String objection(byte[] name) {
        if (name.length == 0) {
            return "it has an empty component";
        }
        if (name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'))) {
            return "it has a component that is . or ..";
        }
        for (byte b : name) {
            if (b == 0 || b == '/') {
                return "a component contains / or the character 0";
            }
        }
        if (!text && name.length > LONGEST) {
            return "a component is longer than " + LONGEST + " bytes";
        }
        return text ? textObjection(name) : null;
    }

    private @Nullable String textObjection(byte[] name) {
        String decoded;
        try {
            decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name))
                    .toString();
        } catch (CharacterCodingException e) {
            return "a component is not UTF-8, which names are here";
        }
        if (decoded.length() > LONGEST) {
            return "a component is longer than " + LONGEST + " characters";
        }
        return windows ? windowsObjection(decoded) : null;
    }

    /** See "Naming Files, Paths, and Namespaces" in Microsoft's documentation of the Windows API. */
    private static @Nullable String windowsObjection(String name) {
        if (name.chars().anyMatch(c -> c < 0x20 || "<>:\"|?*\\".indexOf(c) >= 0)) {
            return "a component contains a control character or one of < > : \" | ? * \\, which no name can on Windows";
        }
        if (name.endsWith(".") || name.endsWith(" ")) {
            return "a component ends with a dot or space, which Windows drops";
        }
        int dot = name.indexOf('.');
        String base = (dot < 0 ? name : name.substring(0, dot))
                .toLowerCase(Locale.ROOT)
                .stripTrailing();
        if (DEVICES.contains(base) || base.matches("(com|lpt)[0-9\u00b9\u00b2\u00b3]")) {
            return "a component is the name of a device on Windows";
        }
        return null;
    }
}
