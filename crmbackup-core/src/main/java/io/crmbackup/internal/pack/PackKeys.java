package io.crmbackup.internal.pack;

import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.MasterKey;
import java.security.SecureRandom;

/** What packs are sealed with. Thread-safe. */
public final class PackKeys {
    private final FreshKeys keys;
    private final SecureRandom random;

    private PackKeys(FreshKeys keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /** Derives the keys for the packs of a repository. The master key may be closed afterwards. */
    public static PackKeys of(MasterKey master, SecureRandom random) {
        return new PackKeys(FreshKeys.of(master, RecordLayout.PURPOSE, random), random);
    }

    RecordSealer sealer() {
        return new RecordSealer(keys.fork());
    }

    RecordOpener opener() {
        return new RecordOpener(keys.fork());
    }

    SecureRandom random() {
        return random;
    }
}
