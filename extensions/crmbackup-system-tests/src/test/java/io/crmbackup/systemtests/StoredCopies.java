package io.crmbackup.systemtests;

import io.crmbackup.internal.crypto.KeySlot;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How the chunks of a repository without secrecy are stored, as all of its indexes tell. */
final class StoredCopies {
    private StoredCopies() {}

    static Set<ChunkCopy> of(Sink sink) throws IOException {
        ObjectStore store = new ObjectStore(sink, Retries.immediately(1));
        RepositoryId id = RepositoryId.of(Arrays.copyOfRange(store.get(ObjectRole.REPOSITORY, "repository"), 64, 80));
        String slot = names(sink, "keys/").get(0);
        byte[] body = Envelope.unwrap(ObjectRole.KEY, slot, store.get(ObjectRole.KEY, slot));
        try (SlotSecret none = SlotSecret.none();
                MasterKey master =
                        KeySlot.unwrap(body, id, id(slot).toBytes(), none).orElseThrow()) {
            SecureRandom random = new SecureRandom();
            IndexObjects indexes = new IndexObjects(store, new ObjectSealer(master, random), random);
            Set<ChunkCopy> copies = new LinkedHashSet<>();
            for (String index : names(sink, "index/")) {
                indexes.read(id(index), pack -> copies.addAll(pack.copies()));
            }
            return copies;
        } catch (NotAuthenticException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(Sink sink, String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        sink.list(prefix, object -> names.add(object.name()));
        return names;
    }

    private static ObjectId id(String name) {
        return ObjectId.parse(name.substring(name.lastIndexOf('/') + 1));
    }
}
