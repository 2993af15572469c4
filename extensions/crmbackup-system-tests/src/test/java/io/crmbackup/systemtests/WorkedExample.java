package io.crmbackup.systemtests;

import io.crmbackup.internal.crypto.Hmac;
import io.crmbackup.internal.crypto.KeySlot;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SegmentedAead;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** What the library finds on the way through the repository that the format's description shows. */
final class WorkedExample {
    private final Map<String, byte[]> values = new LinkedHashMap<>();

    private WorkedExample() {}

    /** Keys, contents and chunks by the names that the description gives them. */
    static Map<String, byte[]> values(Map<String, byte[]> objects) throws NotAuthenticException {
        WorkedExample example = new WorkedExample();
        RepositoryId id = RepositoryId.of(Arrays.copyOfRange(objects.get("repository"), 64, 80));
        String slot = name(objects, ObjectRole.KEY);
        byte[] body = body(objects, slot);
        byte[] slotId = Arrays.copyOfRange(body, 24, 40);
        byte[] secret = "crmbackup/1 no encryption".getBytes(StandardCharsets.US_ASCII);
        byte[] salt = Arrays.copyOfRange(body, 40, 72);
        byte[] info = "crmbackup/1/slot".getBytes(StandardCharsets.US_ASCII);
        example.values.put("KEK", Hmac.of(Hmac.of(salt, secret), info, new byte[] {1}));
        try (SlotSecret none = SlotSecret.none();
                MasterKey master = KeySlot.unwrap(body, id, slotId, none).orElseThrow()) {
            example.values.put("master key", unwrapped(example.values.get("KEK"), body));
            for (String purpose : new String[] {"repository", "object", "pack", "chunk-id"}) {
                example.values.put("key(\"" + purpose + "\")", master.derive(purpose));
            }
            ObjectSealer sealer = new ObjectSealer(master, new SecureRandom());
            for (ObjectRole role : new ObjectRole[] {ObjectRole.LOG, ObjectRole.INDEX, ObjectRole.SNAPSHOT}) {
                String name = name(objects, role);
                example.values.put("content of " + name, sealer.open(role, name, objects.get(name)));
            }
            example.chunks(objects, master);
        }
        return example.values;
    }

    private static byte[] unwrapped(byte[] kek, byte[] body) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(kek, "AES"), new GCMParameterSpec(128, body, 104, 12));
            cipher.updateAAD("crmbackup/1/slot".getBytes(StandardCharsets.US_ASCII));
            cipher.updateAAD(body, 0, 116);
            return cipher.doFinal(body, 116, 48);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens the records of the only pack as its index lists them. */
    private void chunks(Map<String, byte[]> objects, MasterKey master) throws NotAuthenticException {
        ByteBuffer index = ByteBuffer.wrap(values.get("content of " + name(objects, ObjectRole.INDEX)));
        byte[] pack = new byte[ObjectId.LENGTH];
        index.getInt();
        index.get(pack);
        index.getLong();
        ChunkHasher hasher = new ChunkHasher(master.derive("chunk-id"));
        byte[] packBody = body(objects, ObjectRole.PACK.name(ObjectId.at(pack, 0)));
        for (int left = index.getInt(); left > 0; left--) {
            byte[] id = new byte[32];
            index.get(id);
            ChunkType type = ChunkType.of(index.get());
            index.get();
            long offset = index.getLong();
            int length = index.getInt();
            index.getInt();
            byte[] record = Arrays.copyOfRange(packBody, (int) offset, (int) offset + length);
            byte[] place = ByteBuffer.allocate(24).put(pack).putLong(offset).array();
            byte[] label = "key".getBytes(StandardCharsets.US_ASCII);
            byte[] key = Hmac.of(master.derive("pack"), label, Arrays.copyOf(record, 16), place);
            byte[] header = open(SegmentedAead.Domain.CHUNK_HEADER, key, new byte[0], record, 16, 60);
            byte[] payload = open(SegmentedAead.Domain.CHUNK, key, header, record, 76, length - 76);
            if (type == ChunkType.LEAF) {
                values.put(
                        "offset of the leaf",
                        ByteBuffer.allocate(8).putLong(offset).array());
                values.put("K of the leaf's record", key);
                values.put("header of the leaf's record", header);
                values.put("leaf", payload);
                values.put("id of the leaf", hasher.id(type, payload).toBytes());
            }
        }
    }

    private static byte[] open(SegmentedAead.Domain domain, byte[] key, byte[] aad, byte[] record, int from, int length)
            throws NotAuthenticException {
        byte[] plain = new byte[(int) SegmentedAead.plainLength(length)];
        new SegmentedAead(domain).open(key, aad, record, from, length, plain, 0);
        return plain;
    }

    private static byte[] body(Map<String, byte[]> objects, String name) {
        byte[] stored = objects.get(name);
        return Arrays.copyOfRange(stored, 64, stored.length);
    }

    /** The last object of a role. */
    static String name(Map<String, byte[]> objects, ObjectRole role) {
        return objects.keySet().stream()
                .filter(name -> name.startsWith(role.prefix()))
                .max(String::compareTo)
                .orElseThrow();
    }
}
