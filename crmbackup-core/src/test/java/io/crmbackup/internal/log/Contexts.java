package io.crmbackup.internal.log;

import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.spi.Sink;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What logs of tests work with: all have the same key, so that several are clients of one repository. */
final class Contexts {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RepositoryId.random(RANDOM), RANDOM);

    private Contexts() {}

    static Log.Context context(Sink sink) {
        Retries retries = Retries.immediately(3);
        return new Log.Context(
                new ObjectStore(sink, retries),
                new ObjectSealer(MASTER, RANDOM),
                RANDOM,
                InstantSource.system(),
                retries);
    }
}
