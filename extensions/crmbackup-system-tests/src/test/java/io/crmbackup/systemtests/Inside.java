package io.crmbackup.systemtests;

import io.crmbackup.internal.crypto.KeySlot;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.ManifestCodec;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a repository without secrecy holds, as its objects tell. */
final class Inside {
    private final Set<ChunkCopy> copies = new LinkedHashSet<>();
    private final Map<SnapshotId, Manifest> manifests = new HashMap<>();

    private Inside() {}

    static Inside of(Sink sink) throws IOException {
        ObjectStore store = new ObjectStore(sink, Retries.immediately(1));
        RepositoryId id = RepositoryId.of(Arrays.copyOfRange(store.get(ObjectRole.REPOSITORY, "repository"), 64, 80));
        String slot = names(sink, "keys/").get(0);
        byte[] body = Envelope.unwrap(ObjectRole.KEY, slot, store.get(ObjectRole.KEY, slot));
        try (SlotSecret none = SlotSecret.none();
                MasterKey master =
                        KeySlot.unwrap(body, id, id(slot).toBytes(), none).orElseThrow()) {
            SecureRandom random = new SecureRandom();
            ObjectSealer sealer = new ObjectSealer(master, random);
            IndexObjects indexes = new IndexObjects(store, sealer, random);
            Inside inside = new Inside();
            for (String index : names(sink, "index/")) {
                indexes.read(id(index), pack -> inside.copies.addAll(pack.copies()));
            }
            for (String name : names(sink, "snap/")) {
                byte[] plain = sealer.open(ObjectRole.SNAPSHOT, name, store.get(ObjectRole.SNAPSHOT, name));
                Manifest manifest = new ManifestCodec().decode(name, plain);
                inside.manifests.put(manifest.id(), manifest);
            }
            return inside;
        } catch (NotAuthenticException e) {
            throw new AssertionError(e);
        }
    }

    /** All copies of chunks that an index tells of. */
    Set<ChunkCopy> copies() {
        return copies;
    }

    Manifest manifest(SnapshotId id) {
        return Objects.requireNonNull(manifests.get(id));
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
