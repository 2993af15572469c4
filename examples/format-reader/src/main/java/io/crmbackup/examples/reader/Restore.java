package io.crmbackup.examples.reader;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.net.URI;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lists and restores the snapshots of a repository in a directory. Written from docs/FORMAT.md alone, with the JDK and zstd, so that data can be
 * had back when the library can't; section numbers are those of that document. Files get their content, permissions and times, not their
 * owners. Tables become files of JSON lines: text as strings, bytes as {@code {"base64": "..."}}. With the jar of
 * zstd-jni it runs as it is, and without arguments says how: {@code java -cp zstd-jni.jar Restore.java}
 */
public final class Restore {
    private static final String USAGE = """
            usage: Restore <repository directory> <secret> list
                   Restore <repository directory> <secret> restore <snapshot id, or its beginning, or latest> <target directory>
            secret: --none | --key-file <file> | --passphrase-env <variable>
            """;

    private final Path directory;
    private final byte[] repositoryId;
    private final byte[] masterKey;
    private final Map<String, Long> parameters = new HashMap<>();
    private final Map<String, byte[]> derivedKeys = new HashMap<>();

    private Restore(Path directory, Secret secret) throws IOException {
        this.directory = directory;
        byte[] header = object(REPOSITORY, "repository");
        need(header.length >= 64 + 28 + 32, "repository", "is too short");
        this.repositoryId = Arrays.copyOfRange(header, 64, 80);
        this.masterKey = unlock(secret);
        readHeader(header);
    }

    /** The program. */
    public static void main(String[] args) {
        System.exit(run(List.of(args), System.out, System.err));
    }

    /** The program as a method; returns its exit status. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        Deque<String> args = new ArrayDeque<>(arguments);
        try {
            Path directory = Path.of(next(args));
            Secret secret = Secret.of(args);
            boolean list = next(args).equals("list");
            Restore repository = new Restore(directory, secret);
            repository.readLog();
            if (list) {
                repository.snapshots.values().forEach(snapshot -> out.println(snapshot.line()));
            } else {
                Snapshot snapshot = repository.snapshot(next(args));
                repository.restore(snapshot, Path.of(next(args)));
                out.println("restored " + snapshot.line());
            }
            return 0;
        } catch (UsageException e) {
            err.print(USAGE);
            return 2;
        } catch (Damaged e) {
            err.println(e.getMessage());
            return 1;
        } catch (BufferUnderflowException | IllegalArgumentException | DateTimeException e) {
            err.println("something is sealed as it should be, but malformed: " + e);
            return 1;
        } catch (IOException e) {
            err.println("can't read or write: " + e);
            return 1;
        }
    }

    private static String next(Deque<String> args) {
        if (args.isEmpty()) {
            throw new UsageException();
        }
        return args.removeFirst();
    }

    private static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Something is not as the format says, or can't be restored. */
    private static final class Damaged extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Damaged(String thing, String what) {
            super(thing + ": " + what);
        }
    }

    private static void need(boolean condition, String thing, String what) {
        if (!condition) {
            throw new Damaged(thing, what);
        }
    }

    // ---- 1. Conventions

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /** A variable-length number. */
    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int octet = in.get() & 0xff;
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                need(octet > 0 || shift == 0, "a number", "has needless bytes");
                return value;
            }
        }
        throw new Damaged("a number", "is beyond 63 bits");
    }

    private static int length(ByteBuffer in) {
        long length = number(in);
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** HKDF-SHA-256 with 32 bytes of output, which is one block. */
    private static byte[] hkdf(byte[] keyMaterial, byte[] salt, String info) {
        return hmac(hmac(salt, keyMaterial), ascii(info), new byte[] {1});
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- 2. and 3. Objects and their envelope

    private static final int REPOSITORY = 1;
    private static final int KEY = 2;
    private static final int PACK = 3;
    private static final int INDEX = 4;
    private static final int SNAPSHOT = 5;
    private static final int LOG = 6;
    private static final int[] LARGEST = {0, 1 << 16, 1 << 16, 160 << 20, 1 << 28, 1 << 26, 1 << 26};

    /** A whole object that is not a pack, header included, once its envelope was checked. */
    private byte[] object(int role, String name) throws IOException {
        Path file = directory.resolve(name);
        need(Files.isRegularFile(file), name, "is missing");
        need(Files.size(file) <= 64L + LARGEST[role], name, "is longer than such an object can be");
        byte[] stored = Files.readAllBytes(file);
        long length = envelope(role, name, stored);
        need(stored.length == 64 + length, name, "has not the length that its header states");
        byte[] digest = sha256().digest(Arrays.copyOfRange(stored, 64, stored.length));
        need(Arrays.equals(digest, Arrays.copyOfRange(stored, 28, 60)), name, "fails its checksum");
        return stored;
    }

    private static long envelope(int role, String name, byte[] header) {
        need(header.length >= 64, name, "is cut short");
        ByteBuffer in = ByteBuffer.wrap(header, 0, 64);
        need(in.getLong() == 0x8f43524d420d0a1aL, name, "is no object of a repository");
        CRC32C crc = new CRC32C();
        crc.update(header, 0, 60);
        need((int) crc.getValue() == ByteBuffer.wrap(header).getInt(60), name, "has a damaged header");
        need(in.get() == role, name, "has another role");
        need(in.get() == 1, name, "is of another major version of the format than 1");
        in.getShort();
        need(in.getInt() == 0, name, "needs features that this reader does not know");
        in.getInt();
        long length = in.getLong();
        need(length >= 0 && length <= LARGEST[role], name, "states an impossible length");
        return length;
    }

    // ---- 4. Keys and sealed bytes

    private static final int CHUNK_DOMAIN = 0x43484e4b;
    private static final int HEADER_DOMAIN = 0x48454144;
    private static final int OBJECT_DOMAIN = 0x4f424a54;

    private byte[] key(String purpose) {
        return derivedKeys.computeIfAbsent(purpose, p -> hkdf(masterKey, repositoryId, "crmbackup/1/" + p));
    }

    private static byte[] decrypt(byte[] key, byte[] nonce, byte[] sealed, int from, int length, byte[]... aad)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        for (byte[] part : aad) {
            cipher.updateAAD(part);
        }
        return cipher.doFinal(sealed, from, length);
    }

    /** Opens segments of 16 KiB. */
    private static byte[] open(String thing, byte[] key, int domain, byte[] aad, byte[] sealed, int from, int to) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(to - from);
        try {
            int at = from;
            for (long segment = 0; ; segment++) {
                int n = Math.min(16384 + 16, to - at);
                boolean last = at + n == to;
                ByteBuffer nonce = ByteBuffer.allocate(12).putInt(domain).putLong(segment << 8 | (last ? 1 : 0));
                plain.writeBytes(decrypt(key, nonce.array(), sealed, at, n, aad));
                at += n;
                if (last) {
                    return plain.toByteArray();
                }
            }
        } catch (GeneralSecurityException e) {
            throw new Damaged(thing, "fails its authentication");
        }
    }

    // ---- 5. Key slots

    /** What opens a slot: the kind of slot, and a passphrase or the bytes of a key file. */
    private record Secret(int kind, String passphrase, byte[] bytes) {
        static Secret of(Deque<String> args) throws IOException {
            return switch (next(args)) {
                case "--none" -> new Secret(3, "", ascii("crmbackup/1 no encryption"));
                case "--key-file" -> new Secret(2, "", Files.readAllBytes(Path.of(next(args))));
                case "--passphrase-env" -> {
                    String variable = next(args);
                    String passphrase = System.getenv().getOrDefault(variable, "");
                    need(!passphrase.isEmpty(), "the passphrase", "the environment has no variable " + variable);
                    yield new Secret(1, Normalizer.normalize(passphrase, Normalizer.Form.NFC), new byte[0]);
                }
                default -> throw new UsageException();
            };
        }

        byte[] keyEncryptionKey(byte[] salt, int iterations) throws GeneralSecurityException {
            byte[] material = bytes;
            if (kind == 1) {
                material = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                        .generateSecret(new PBEKeySpec(passphrase.toCharArray(), salt, iterations, 512))
                        .getEncoded();
            }
            return hkdf(material, salt, "crmbackup/1/slot");
        }
    }

    private byte[] unlock(Secret secret) throws IOException {
        List<Path> slots;
        try (Stream<Path> files = Files.list(directory.resolve("keys"))) {
            slots = files.limit(64).sorted().toList();
        }
        Damaged failure = new Damaged("keys", "the secret opens none of the " + slots.size() + " key slots");
        for (Path slot : slots) {
            String name = "keys/" + slot.getFileName();
            if (name.matches("keys/[0-9a-f]{32}")) {
                try {
                    byte[] key = unwrap(name, object(KEY, name), secret);
                    if (key.length > 0) {
                        return key;
                    }
                } catch (Damaged e) {
                    failure = e;
                }
            }
        }
        throw failure;
    }

    /** The master key, or nothing if the slot is not for this secret. */
    private byte[] unwrap(String name, byte[] stored, Secret secret) {
        byte[] body = Arrays.copyOfRange(stored, 64, stored.length);
        if (body.length == 0 || body[0] != secret.kind()) {
            return new byte[0];
        }
        need(body.length == 164, name, "has an impossible length");
        int iterations = ByteBuffer.wrap(body).getInt(4);
        boolean passphrase = secret.kind() == 1;
        need(body[1] == (passphrase ? 1 : 2), name, "asks for an unknown key derivation");
        need(
                passphrase ? iterations >= 100_000 && iterations <= 10_000_000 : iterations == 0,
                name,
                "asks for " + iterations + " iterations, which is not accepted");
        need(name.endsWith(hex(Arrays.copyOfRange(body, 24, 40))), name, "is the slot of another name");
        if (!Arrays.equals(Arrays.copyOfRange(body, 8, 24), repositoryId)) {
            return new byte[0];
        }
        try {
            byte[] kek = secret.keyEncryptionKey(Arrays.copyOfRange(body, 40, 72), iterations);
            if (!MessageDigest.isEqual(hmac(kek, ascii("commit")), Arrays.copyOfRange(body, 72, 104))) {
                return new byte[0];
            }
            byte[] aad = Arrays.copyOf(body, 116);
            return decrypt(kek, Arrays.copyOfRange(body, 104, 116), body, 116, 48, ascii("crmbackup/1/slot"), aad);
        } catch (GeneralSecurityException e) {
            throw new Damaged(name, "was tampered with");
        }
    }

    // ---- 6. The repository's header

    private void readHeader(byte[] stored) {
        int macAt = stored.length - 32;
        byte[] mac = hmac(key("repository"), Arrays.copyOf(stored, 20), Arrays.copyOfRange(stored, 64, macAt));
        need(MessageDigest.isEqual(mac, Arrays.copyOfRange(stored, macAt, stored.length)), "repository", "was altered");
        need(stored[64 + 24] == 1, "repository", "uses an unknown suite");
        ByteBuffer in = ByteBuffer.wrap(stored, 64 + 26, macAt - 64 - 26);
        for (int left = in.getShort(); left > 0; left--) {
            String name = new String(take(in, in.get() & 0xff), StandardCharsets.US_ASCII);
            parameters.put(name, in.getLong());
        }
        need(!in.hasRemaining(), "repository", "goes on after its parameters");
    }

    private long parameter(String name) {
        return parameters.getOrDefault(name, 0L);
    }

    // ---- 7. Sealed objects

    private byte[] sealedObject(int role, String name) throws IOException {
        return unseal(role, name, object(role, name));
    }

    private byte[] unseal(int role, String name, byte[] stored) {
        need(stored.length >= 64 + 48 + 12 + 16, name, "is too short");
        byte[] aad = ByteBuffer.allocate(20 + 16 + name.length())
                .put(stored, 0, 20)
                .put(repositoryId)
                .put(ascii(name))
                .array();
        byte[] key = hmac(key("object"), ascii("key"), Arrays.copyOfRange(stored, 64, 80), aad);
        byte[] commitment = Arrays.copyOfRange(stored, 80, 112);
        need(MessageDigest.isEqual(hmac(key, ascii("commit")), commitment), name, "was not sealed for this place");
        ByteBuffer in = ByteBuffer.wrap(open(name, key, OBJECT_DOMAIN, aad, stored, 112, stored.length));
        int packing = in.getInt();
        int length = in.getInt();
        int plainLength = in.getInt();
        need(length >= 0 && length <= in.remaining(), name, "states an impossible length");
        need(plainLength >= 0 && plainLength <= LARGEST[role], name, "states an impossible length");
        byte[] content = take(in, length);
        if (packing == 0) {
            need(length == plainLength, name, "states an impossible length");
            return content;
        }
        need(packing == 1 << 24, name, "is packed in an unknown way");
        return decompress(name, content, plainLength, new byte[0]);
    }

    // ---- 8. The log

    /** A snapshot as the log lists it. */
    private record Snapshot(String id, String plan, Instant moment, int strategy, boolean complete) {
        String line() {
            String kind = List.of("?", "full", "incremental", "differential").get(strategy);
            return String.join("  ", id, moment.toString(), kind, complete ? "complete" : "partial", plan);
        }
    }

    private final Map<String, Snapshot> snapshots = new LinkedHashMap<>();
    private final Set<String> indexes = new HashSet<>();

    private void readLog() throws IOException {
        byte[] previous = new byte[32];
        long entry = 0;
        for (; Files.exists(directory.resolve(logName(entry))); entry++) {
            String name = logName(entry);
            byte[] stored = object(LOG, name);
            ByteBuffer in = ByteBuffer.wrap(unseal(LOG, name, stored));
            try {
                int kind = in.get();
                take(in, 16);
                need(Arrays.equals(take(in, 32), previous), name, "does not follow the entry before it");
                in.getLong();
                fold(name, kind, in);
                need(!in.hasRemaining(), name, "goes on after its end");
            } catch (BufferUnderflowException | DateTimeException e) {
                throw new Damaged(name, "is malformed");
            }
            previous = sha256().digest(stored);
        }
        need(entry > 0, logName(0), "is missing, and with it the history");
        need(!Files.exists(directory.resolve(logName(entry + 1))), logName(entry), "is missing");
    }

    private static String logName(long entry) {
        String digits = Long.toString(entry);
        return "log/" + "0".repeat(12 - digits.length()) + digits;
    }

    private void fold(String name, int kind, ByteBuffer in) {
        switch (kind) {
            case 1 -> {
                Snapshot snapshot = summary(in);
                snapshots.put(snapshot.id(), snapshot);
                set(in);
                indexes.addAll(indexes(in));
                set(in);
            }
            case 2 -> set(in).forEach(snapshots::remove);
            case 3 -> {
                set(in);
                indexes.addAll(indexes(in));
            }
            case 4 -> set(in);
            case 5 -> {
                List<String> added = indexes(in);
                set(in).forEach(indexes::remove);
                indexes.addAll(added);
            }
            case 6 -> {
                set(in);
                set(in);
            }
            case 7 -> take(in, 16);
            default -> throw new Damaged(name, "is an entry of unknown kind " + kind);
        }
    }

    private static List<String> set(ByteBuffer in) {
        List<String> ids = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            ids.add(hex(take(in, 16)));
        }
        return ids;
    }

    private static List<String> indexes(ByteBuffer in) {
        List<String> ids = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            ids.add(hex(take(in, 16)));
            set(in);
        }
        return ids;
    }

    private static Snapshot summary(ByteBuffer in) {
        String id = hex(take(in, 16));
        String plan = new String(take(in, in.getShort() & 0xffff), StandardCharsets.UTF_8);
        Instant moment = Instant.ofEpochSecond(in.getLong(), in.getInt());
        int strategy = in.get();
        int state = in.get();
        need(strategy >= 1 && strategy <= 3 && (state == 1 || state == 2), "snapshot " + id, "has unknown codes");
        take(in, 32);
        if (in.get() == 1) {
            take(in, 16);
        }
        return new Snapshot(id, plan, moment, strategy, state == 1);
    }

    private Snapshot snapshot(String wanted) {
        boolean latest = wanted.equals("latest");
        List<Snapshot> found = snapshots.values().stream()
                .filter(snapshot -> latest ? snapshot.complete() : snapshot.id().startsWith(wanted))
                .toList();
        need(!found.isEmpty(), "snapshot " + wanted, "there is none");
        need(latest || found.size() == 1, "snapshot " + wanted, "there are several that begin so");
        return found.get(found.size() - 1);
    }

    // ---- 9. Indexes

    /** Where a copy of a chunk lies. */
    private record Copy(String pack, int type, int codec, long offset, int length, int plainLength) {}

    private final Map<String, List<Copy>> copies = new HashMap<>();

    private void readIndex(String id) throws IOException {
        String name = "index/" + id;
        ByteBuffer in = ByteBuffer.wrap(sealedObject(INDEX, name));
        try {
            for (int packs = in.getInt(); packs > 0; packs--) {
                String pack = hex(take(in, 16));
                in.getLong();
                int chunks = in.getInt();
                need(chunks >= 0 && chunks <= 32_768, name, "lists too many chunks in a pack");
                for (; chunks > 0; chunks--) {
                    readEntry(pack, in);
                }
            }
            need(!in.hasRemaining(), name, "goes on after its end");
        } catch (BufferUnderflowException e) {
            throw new Damaged(name, "is malformed");
        }
    }

    private void readEntry(String pack, ByteBuffer in) {
        String chunk = hex(take(in, 32));
        int type = in.get();
        int codec = in.get();
        need(
                type >= DATA && type <= DICTIONARY && codec >= 0 && codec <= PATCH,
                "an index",
                "has an unknown type or codec");
        Copy copy = new Copy(pack, type, codec, in.getLong(), in.getInt(), in.getInt());
        take(in, referenceLength(codec));
        copies.computeIfAbsent(chunk, c -> new ArrayList<>(1)).add(copy);
    }

    // ---- 10. Packs

    private final Map<String, Boolean> checkedPacks = new HashMap<>();

    private static int referenceLength(int codec) {
        return codec == DELTA || codec == PATCH ? 56 : codec == 2 ? 32 : 0;
    }

    /** Where a pack is stored, once its envelope and its checksum were found right. */
    private Path pack(String id) throws IOException {
        String name = "packs/" + id.substring(0, 2) + "/" + id;
        Path file = directory.resolve(name);
        if (!checkedPacks.containsKey(id)) {
            checkedPacks.put(id, false);
            need(Files.isRegularFile(file), name, "is missing");
            try (InputStream in = Files.newInputStream(file)) {
                byte[] header = in.readNBytes(64);
                long length = envelope(PACK, name, header);
                need(Files.size(file) == 64 + length, name, "has not the length that its header states");
                MessageDigest digest = sha256();
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    digest.update(buffer, 0, n);
                }
                byte[] expected = Arrays.copyOfRange(header, 28, 60);
                need(Arrays.equals(digest.digest(), expected), name, "fails its checksum");
            }
            checkedPacks.put(id, true);
        }
        need(Boolean.TRUE.equals(checkedPacks.get(id)), name, "is damaged");
        return file;
    }

    private byte[] readCopy(String chunk, Copy copy) throws IOException {
        String thing = "chunk " + chunk + " in pack " + copy.pack();
        int length = copy.length();
        need(copy.offset() >= 0 && length >= 92 && length <= 9 << 20, thing, "has an impossible place");
        byte[] stored;
        try (InputStream in = Files.newInputStream(pack(copy.pack()))) {
            in.skipNBytes(64 + copy.offset());
            stored = in.readNBytes(length);
        }
        need(stored.length == length, thing, "lies beyond the pack's end");
        ByteBuffer place = ByteBuffer.allocate(24)
                .put(HexFormat.of().parseHex(copy.pack()))
                .putLong(copy.offset());
        byte[] key = hmac(key("pack"), ascii("key"), Arrays.copyOf(stored, 16), place.array());
        byte[] header = open(thing, key, HEADER_DOMAIN, new byte[0], stored, 16, 76);
        ByteBuffer fields = ByteBuffer.wrap(header);
        need(hex(take(fields, 32)).equals(chunk), thing, "another chunk is there");
        need(fields.get() == 1 && fields.get() == copy.type(), thing, "something else is there");
        need(fields.get() == copy.codec() && fields.get() == 0, thing, "it is encoded otherwise than the index says");
        int plainLength = fields.getInt();
        int payloadLength = fields.getInt();
        need(plainLength >= 0 && plainLength <= 8 << 20, thing, "is too long");
        byte[] payload = open(thing, key, CHUNK_DOMAIN, header, stored, 76, length);
        int reference = referenceLength(copy.codec());
        need(payload.length == payloadLength && payloadLength >= reference, thing, "has a wrong length");
        byte[] plain = decode(thing, copy.codec(), payload, reference, plainLength);
        // ---- 12. Chunk ids
        need(hex(hmac(key("chunk-id"), new byte[] {(byte) copy.type()}, plain)).equals(chunk), thing, "has a wrong id");
        return plain;
    }

    // ---- 11. Codecs

    private byte[] decode(String thing, int codec, byte[] payload, int from, int plainLength) throws IOException {
        byte[] encoded = Arrays.copyOfRange(payload, from, payload.length);
        byte[] other = switch (codec) {
            case 0, 1, COLUMNS -> new byte[0];
            case 2 -> chunk(hex(Arrays.copyOf(payload, 32)), 0, its -> its <= 1);
            case DELTA, PATCH ->
                chunk(hex(Arrays.copyOfRange(payload, 24, 56)), 0, its -> its != DELTA && its != PATCH);
            default -> throw new Damaged(thing, "has the unknown codec " + codec);
        };
        if (codec == 0) {
            need(encoded.length == plainLength, thing, "has a wrong length");
            return encoded;
        }
        if (codec == COLUMNS) {
            long length = Zstd.getFrameContentSize(encoded, 0, encoded.length);
            need(length > 0 && length < plainLength, thing, "has columns of a wrong length");
            byte[] columns = decompress(thing, encoded, (int) length, other);
            try {
                return leaf(thing, columns, plainLength);
            } catch (BufferUnderflowException | ArithmeticException e) {
                throw new Damaged(thing, "has malformed columns");
            }
        }
        if (codec == PATCH) {
            byte[] steps = steps(thing, encoded, plainLength);
            try {
                return patched(thing, ByteBuffer.wrap(steps), ByteBuffer.wrap(other), plainLength);
            } catch (BufferUnderflowException | ArithmeticException e) {
                throw new Damaged(thing, "has a malformed patch");
            }
        }
        boolean content =
                codec != DELTA || other.length < 4 || ByteBuffer.wrap(other).getInt() != 0x37a430ec;
        need(content, thing, "has a base that zstd takes for a dictionary");
        return decompress(thing, encoded, plainLength, other);
    }

    private static byte[] decompress(String thing, byte[] frame, int plainLength, byte[] dictionary) {
        long stated = Zstd.getFrameContentSize(frame, 0, frame.length);
        need(stated < 0 || stated == plainLength, thing, "states two different lengths");
        byte[] plain = new byte[plainLength];
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            if (dictionary.length > 0) {
                zstd.loadDict(dictionary);
            }
            int n = zstd.decompressByteArray(plain, 0, plainLength, frame, 0, frame.length);
            need(n == plainLength, thing, "decodes to a wrong length");
            return plain;
        } catch (ZstdException e) {
            throw new Damaged(thing, "does not decode: " + e.getMessage());
        }
    }

    /** The steps of a patch. */
    private static byte[] steps(String thing, byte[] patch, int plainLength) {
        need(patch.length > 0 && (patch[0] == 0 || patch[0] == 1 && patch.length > 1), thing, "has an unknown patch");
        byte[] rest = Arrays.copyOfRange(patch, 1, patch.length);
        if (patch[0] == 0) {
            return rest;
        }
        long length = Zstd.getFrameContentSize(rest, 0, rest.length);
        need(length > 0 && length < plainLength, thing, "has a patch of a wrong length");
        return decompress(thing, rest, (int) length, new byte[0]);
    }

    /** A node from the one before it. */
    private static byte[] patched(String thing, ByteBuffer steps, ByteBuffer base, int plainLength) {
        ByteBuffer plain = ByteBuffer.allocate(plainLength);
        while (plain.hasRemaining()) {
            byte[] added = take(steps, length(steps));
            need(added.length <= plain.remaining(), thing, "has a patch of a longer node");
            plain.put(added);
            if (plain.hasRemaining()) {
                take(base, Math.toIntExact(number(steps)));
                byte[] taken = take(base, Math.toIntExact(number(steps)));
                need(taken.length > 0 && taken.length <= plain.remaining(), thing, "has a patch of another node");
                plain.put(taken);
            }
        }
        need(!steps.hasRemaining(), thing, "has a patch with needless steps");
        return plain.array();
    }

    /** A leaf from its columns. */
    private static byte[] leaf(String thing, byte[] columns, int plainLength) {
        ByteBuffer keys = ByteBuffer.wrap(columns);
        long entries = number(keys);
        int fields = length(keys);
        long[] forms = new long[fields];
        int[] lengths = new int[fields];
        for (int i = 0; i < fields; i++) {
            forms[i] = number(keys);
            lengths[i] = length(keys);
        }
        ByteBuffer[] column = new ByteBuffer[fields];
        long[] before = new long[fields];
        int end = columns.length;
        for (int i = fields - 1; i >= 0; i--) {
            end -= lengths[i];
            need(end >= keys.position(), thing, "has columns that are too long");
            column[i] = ByteBuffer.wrap(columns, end, lengths[i]);
        }
        keys.limit(end);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        number(out, entries);
        byte[] place = {};
        for (long i = 0; i < entries; i++) {
            long first = number(keys);
            place = first < 2 ? take(keys, length(keys)) : stepped(place, first / 2);
            byte[] value = first % 2 == 1 ? take(keys, length(keys)) : row(thing, column, forms, before);
            number(out, place.length);
            out.writeBytes(place);
            number(out, value.length);
            out.writeBytes(value);
            need(out.size() <= plainLength, thing, "has columns of a longer leaf");
        }
        boolean used = Stream.of(column).noneMatch(ByteBuffer::hasRemaining) && !keys.hasRemaining();
        need(used && out.size() == plainLength, thing, "has columns of another leaf");
        return out.toByteArray();
    }

    private static byte[] stepped(byte[] before, long step) {
        byte[] place = before.clone();
        long rest = step;
        for (int i = place.length - 1; i >= Math.max(0, place.length - 8); i--) {
            rest += place[i] & 0xff;
            place[i] = (byte) rest;
            rest >>>= 8;
        }
        return place;
    }

    private static byte[] row(String thing, ByteBuffer[] columns, long[] forms, long[] before) {
        ByteArrayOutputStream row = new ByteArrayOutputStream();
        row.write(0);
        for (int i = 0; i < columns.length; i++) {
            ByteBuffer column = columns[i];
            ByteArrayOutputStream value = new ByteArrayOutputStream();
            long t;
            if (forms[i] == 0) {
                t = number(column);
                value.writeBytes(take(column, t == 0 ? 0 : t == 1 ? 41 : Math.toIntExact(t - 2)));
            } else if (forms[i] == 1) {
                byte next = column.get();
                t = next == 1 ? 0 : 2;
                for (; next != 0 && t > 0; next = column.get()) {
                    value.write(next);
                }
                t = t == 0 ? 0 : value.size() + 2L;
            } else {
                need(forms[i] == 2, thing, "has a column of unknown form");
                t = number(column);
                if (t > 0) {
                    before[i] += t % 2 == 1 ? (t - 1) / 2 : -t / 2;
                    value.writeBytes(Long.toString(before[i]).getBytes(StandardCharsets.US_ASCII));
                    t = value.size() + 2L;
                }
            }
            number(row, t);
            row.writeBytes(value.toByteArray());
        }
        return row.toByteArray();
    }

    private static void number(ByteArrayOutputStream out, long number) {
        long rest = number;
        for (; rest > 0x7f; rest >>>= 7) {
            out.write((int) rest & 0x7f | 0x80);
        }
        out.write((int) rest);
    }

    // ---- 12. Chunks

    private static final int DATA = 1;
    private static final int PAGE = 2;
    private static final int LEAF = 3;
    private static final int INNER = 4;
    private static final int DOCUMENT = 5;
    private static final int DICTIONARY = 6;
    private static final int DELTA = 3;
    private static final int COLUMNS = 4;
    private static final int PATCH = 5;

    private byte[] chunk(String id, int type) throws IOException {
        return chunk(id, type, codec -> true);
    }

    /** A chunk's plain bytes from its first good copy with a codec that will do; of any type if 0. */
    private byte[] chunk(String id, int type, IntPredicate codec) throws IOException {
        Damaged first = new Damaged("chunk " + id, "is in no index");
        boolean tried = false;
        for (Copy copy : copies.getOrDefault(id, List.of())) {
            if ((type == 0 || copy.type() == type) && codec.test(copy.codec())) {
                try {
                    return readCopy(id, copy);
                } catch (Damaged e) {
                    first = tried ? first : e;
                    tried = true;
                }
            }
        }
        throw first;
    }

    // ---- 13. Record trees

    private interface RecordVisitor {
        void record(byte[] place, byte[] value) throws IOException;
    }

    /** Goes through a tree's records in order, and checks whatever is said twice. */
    private final class TreeWalk {
        private final RecordVisitor visitor;
        private byte[] last = {};

        TreeWalk(RecordVisitor visitor) {
            this.visitor = visitor;
        }

        void walk(Json root) throws IOException {
            int height = (int) root.get("height").number();
            need(height >= 0 && height <= 63, "a tree", "has an impossible height");
            if (height > 0) {
                long records = root.get("records").number();
                node(
                        root.get("id").text(),
                        height - 1,
                        new byte[0],
                        records,
                        root.get("bytes").number());
            }
        }

        private void node(String id, int level, byte[] firstKey, long records, long bytes) throws IOException {
            String thing = "node " + id;
            ByteBuffer in = ByteBuffer.wrap(chunk(id, level == 0 ? LEAF : INNER));
            long foundRecords = 0;
            long foundBytes = 0;
            try {
                need(in.get() == level, thing, "is of another level");
                long count = number(in);
                need(count >= (level == 0 ? 1 : 2), thing, "has too few entries");
                for (long i = 0; i < count; i++) {
                    byte[] key = take(in, length(in));
                    need(
                            i > 0 || firstKey.length == 0 || Arrays.equals(key, firstKey),
                            thing,
                            "begins with another key");
                    if (level == 0) {
                        byte[] value = take(in, length(in));
                        foundRecords++;
                        foundBytes += key.length + value.length + 8;
                        boolean ascends = last.length == 0 || Arrays.compareUnsigned(last, key) < 0;
                        need(ascends && key.length <= parameter("tree.largest-key"), thing, "has an impossible key");
                        last = key;
                        visitor.record(key, value);
                    } else {
                        String child = hex(take(in, 32));
                        long childRecords = number(in);
                        long childBytes = number(in);
                        foundRecords += childRecords;
                        foundBytes += childBytes;
                        node(child, level - 1, key, childRecords, childBytes);
                    }
                }
            } catch (BufferUnderflowException e) {
                throw new Damaged(thing, "is malformed");
            }
            need(!in.hasRemaining(), thing, "goes on after its end");
            need(foundRecords == records && foundBytes == bytes, thing, "has other sums than what refers to it says");
        }
    }

    // ---- 14. Blob trees

    /** A part of a blob tree, or all of it. */
    private record Blob(long length, int depth, String id) {
        static Blob of(ByteBuffer in) {
            Blob blob = new Blob(in.getLong(), in.get(), hex(take(in, 32)));
            need(blob.length >= 0 && blob.depth >= 0 && blob.depth <= 12, "a long value", "has an impossible place");
            return blob;
        }
    }

    /** The bytes of a value that lies apart. */
    private final class BlobStream extends InputStream {
        private final Deque<Blob> waiting = new ArrayDeque<>();
        private ByteBuffer piece = ByteBuffer.allocate(0);

        BlobStream(Blob blob) {
            if (blob.length() > 0) {
                waiting.push(blob);
            }
        }

        @Override
        public int read() throws IOException {
            return load() ? piece.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!load()) {
                return -1;
            }
            int n = Math.min(length, piece.remaining());
            piece.get(target, offset, n);
            return n;
        }

        private boolean load() throws IOException {
            while (!piece.hasRemaining() && !waiting.isEmpty()) {
                Blob blob = waiting.pop();
                if (blob.depth() > 0) {
                    List<Blob> children = page(blob);
                    for (int i = children.size() - 1; i >= 0; i--) {
                        waiting.push(children.get(i));
                    }
                } else {
                    piece = ByteBuffer.wrap(chunk(blob.id(), DATA));
                    need(piece.remaining() == blob.length(), "chunk " + blob.id(), "has a wrong length");
                }
            }
            return piece.hasRemaining();
        }

        private List<Blob> page(Blob blob) throws IOException {
            String thing = "page " + blob.id();
            ByteBuffer in = ByteBuffer.wrap(chunk(blob.id(), PAGE));
            List<Blob> children = new ArrayList<>();
            long sum = 0;
            try {
                need(in.get() == blob.depth(), thing, "is of another level");
                long count = number(in);
                need(count >= 1 && count <= 1024, thing, "has an impossible count");
                for (; count > 0; count--) {
                    String id = hex(take(in, 32));
                    Blob child = new Blob(number(in), blob.depth() - 1, id);
                    need(child.length() > 0 && child.length() <= blob.length() - sum, thing, "has an impossible entry");
                    sum += child.length();
                    children.add(child);
                }
            } catch (BufferUnderflowException e) {
                throw new Damaged(thing, "is malformed");
            }
            need(!in.hasRemaining() && sum == blob.length(), thing, "has a wrong length");
            return children;
        }
    }

    // ---- 15. Records

    /** A field's value: nothing, bytes, or a blob. */
    private record Value(boolean present, byte[] bytes, Blob blob) {
        private static final Blob NO_BLOB = new Blob(0, 0, "");
        static final Value NONE = new Value(false, new byte[0], NO_BLOB);

        static Value of(byte[] bytes) {
            return new Value(true, bytes, NO_BLOB);
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private InputStream open(Value value) {
        return value.blob().length() > 0 ? new BlobStream(value.blob()) : new ByteArrayInputStream(value.bytes());
    }

    /** A record: its key as the place tells it, or as it is spelt out, and its values. */
    private record Row(byte[] key, Map<String, Value> values) {}

    private Row row(String collection, List<Json> fields, byte[] place, byte[] treeValue) throws IOException {
        String thing = "a record of " + collection;
        ByteBuffer in = ByteBuffer.wrap(treeValue);
        try {
            int flags = in.get();
            need((flags & ~3) == 0, thing, "has unknown flags");
            byte[] key = place;
            if ((flags & 2) != 0) {
                key = take(in, length(in));
                byte[] hashed = Arrays.copyOf(key, 1024);
                System.arraycopy(sha256().digest(key), 0, hashed, 992, 32);
                need(key.length >= 1024 && Arrays.equals(hashed, place), thing, "is not at its key's place");
            }
            if ((flags & 1) != 0) {
                Blob blob = Blob.of(in);
                need(!in.hasRemaining() && blob.length() <= 256 << 20, thing, "has an impossible row");
                in = ByteBuffer.wrap(new BlobStream(blob).readAllBytes());
            }
            Map<String, Value> values = new LinkedHashMap<>();
            for (Json field : fields) {
                long t = number(in);
                Value value = Value.NONE;
                if (t == 1) {
                    value = new Value(true, new byte[0], Blob.of(in));
                } else if (t > 1) {
                    need(t - 2 <= in.remaining(), thing, "ends within a field");
                    value = Value.of(take(in, (int) (t - 2)));
                }
                values.put(field.get("name").text(), value);
            }
            need(!in.hasRemaining(), thing, "goes on after its last field");
            return new Row(key, values);
        } catch (BufferUnderflowException e) {
            throw new Damaged(thing, "is malformed");
        }
    }

    // ---- 16. Manifests and schemas

    private void restore(Snapshot snapshot, Path target) throws IOException {
        Files.createDirectories(target);
        try (Stream<Path> files = Files.list(target)) {
            need(files.findAny().isEmpty(), target.toString(), "the target is not empty");
        }
        for (String index : indexes) {
            readIndex(index);
        }
        Json manifest = Json.parse("snap/" + snapshot.id(), sealedObject(SNAPSHOT, "snap/" + snapshot.id()));
        need(manifest.get("id").text().equals(snapshot.id()), "snap/" + snapshot.id(), "is of another snapshot");
        for (Json source : manifest.get("sources").list()) {
            Path place = target.toRealPath().resolve(fileName(source.get("name").text()));
            Files.createDirectories(place);
            for (Json collection : source.get("collections").list()) {
                restoreCollection(collection, place);
            }
        }
    }

    private void restoreCollection(Json collection, Path place) throws IOException {
        String name = collection.get("name").text();
        String schemaId = collection.get("schema").text();
        Json schema = Json.parse("schema of " + name, chunk(schemaId, DOCUMENT));
        List<Json> fields = schema.get("fields").list();
        if (schema.get("keyForm").text().equals("PATH")) {
            Tree files = new Tree(place.resolve(fileName(name)));
            files.directory(files.root);
            new TreeWalk((at, value) -> files.write(row(name, fields, at, value))).walk(collection.get("content"));
            files.finish();
        } else {
            try (Writer out = Files.newBufferedWriter(place.resolve(fileName(name) + ".jsonl"))) {
                new TreeWalk((at, value) -> writeLine(out, fields, row(name, fields, at, value)))
                        .walk(collection.get("content"));
            }
        }
    }

    /** Whatever a source or collection is called, its file has a harmless name. */
    private static String fileName(String name) {
        StringBuilder safe = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b > 0 && (Character.isLetterOrDigit(b) || b == '_' || b == '-' || (b == '.' && safe.length() > 0));
            safe.append(plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
        }
        return safe.toString();
    }

    private void writeLine(Writer out, List<Json> fields, Row row) throws IOException {
        String separator = "{";
        for (Json field : fields) {
            String name = field.get("name").text();
            out.write(separator);
            Json.writeText(out, new StringReader(name));
            out.write(": ");
            Value value = row.values().getOrDefault(name, Value.NONE);
            if (!value.present()) {
                out.write("null");
            } else if (Set.of("BYTES", "CONTENT", "DYNAMIC", "PATH")
                    .contains(field.get("type").text())) {
                out.write("{\"base64\": \"");
                try (InputStream in = open(value);
                        OutputStream encoded = Base64.getEncoder().wrap(new AsciiOutput(out))) {
                    in.transferTo(encoded);
                }
                out.write("\"}");
            } else {
                try (Reader text = new InputStreamReader(open(value), StandardCharsets.UTF_8.newDecoder())) {
                    Json.writeText(out, text);
                }
            }
            separator = ", ";
        }
        out.write(fields.isEmpty() ? "{}\n" : "}\n");
    }

    /** Writes ASCII bytes as characters; closing it does not close the writer. */
    private static final class AsciiOutput extends OutputStream {
        private final Writer out;

        AsciiOutput(Writer out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            out.write(octet);
        }
    }

    // ---- 17. Collections of files

    /** A directory that files are restored into. */
    private final class Tree {
        private final Path root;
        private final List<Attributes> directories = new ArrayList<>();
        private Path lastDirectory = Path.of("");

        private record Attributes(Path path, Row row) {}

        Tree(Path root) {
            this.root = root;
        }

        void write(Row row) throws IOException {
            Path path = path(row.key());
            Path parent = path.getParent();
            if (parent != null) {
                directory(parent);
            }
            String type = value(row, "type").text();
            switch (type) {
                case "directory" -> {
                    directory(path);
                    directories.add(new Attributes(path, row));
                }
                case "file" -> {
                    try (InputStream in = open(value(row, "content"))) {
                        Files.copy(in, path);
                    }
                    setAttributes(path, row);
                }
                case "link" ->
                    Files.createSymbolicLink(path, linkTarget(value(row, "link").bytes()));
                default -> throw new Damaged("file " + path, "is of the unknown type " + type);
            }
        }

        /** Makes a directory and those above it, none of which may be a link that leads out of the target. */
        void directory(Path path) throws IOException {
            Path parent = path.getParent();
            if (!path.equals(lastDirectory)) {
                if (!path.equals(root) && parent != null) {
                    directory(parent);
                }
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectory(path);
                }
                lastDirectory = path;
            }
        }

        /** Directories last and deepest first: what is written into them changes their times, and they may forbid it. */
        void finish() throws IOException {
            directories.sort(Comparator.comparingInt((Attributes a) -> a.path().getNameCount())
                    .reversed());
            for (Attributes directory : directories) {
                setAttributes(directory.path(), directory.row());
            }
        }

        private void setAttributes(Path path, Row row) throws IOException {
            Value modified = value(row, "mtime");
            if (modified.present()) {
                Files.setLastModifiedTime(path, FileTime.from(Instant.parse(modified.text())));
            }
            Value mode = value(row, "mode");
            if (mode.present()
                    && path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
                Files.setAttribute(path, "unix:mode", Integer.parseInt(mode.text(), 8));
            }
        }

        private Value value(Row row, String field) {
            return row.values().getOrDefault(field, Value.NONE);
        }

        private Path path(byte[] key) {
            String uri = root.toUri().getRawPath().replaceAll("/$", "") + "/";
            for (String component : new String(key, StandardCharsets.ISO_8859_1).split("\0", -1)) {
                boolean safe = !component.isEmpty() && !component.equals(".") && !component.equals("..");
                need(safe && component.indexOf('/') < 0, "a file's key", "has an impossible component: " + component);
                uri += (uri.endsWith("/") ? "" : "/") + percents(component);
            }
            return Path.of(URI.create("file://" + uri));
        }

        private Path linkTarget(byte[] bytes) {
            String target = new String(bytes, StandardCharsets.ISO_8859_1);
            need(!target.isEmpty(), "a link", "leads nowhere");
            Path path = Path.of(URI.create("file://" + (target.startsWith("/") ? "" : "/") + percents(target)));
            return target.startsWith("/") ? path : path.subpath(0, path.getNameCount());
        }

        /** Java has no paths of raw bytes, but makes them from the URI that spells them. */
        private String percents(String bytes) {
            StringBuilder text = new StringBuilder();
            bytes.chars()
                    .forEach(c ->
                            text.append(c == '/' ? "/" : "%" + HexFormat.of().toHexDigits((byte) c)));
            return text.toString();
        }
    }

    // ---- JSON (RFC 8259)

    /** A JSON value: a map, a list, text, a whole number, or a literal. */
    private record Json(String document, Object value) {
        private static final int DEEPEST = 32;

        /** What no reader of this format needs. */
        private record Literal(String word) {}

        static Json parse(String document, byte[] utf8) {
            Parser parser = new Parser(document, new String(utf8, StandardCharsets.UTF_8));
            Object value = parser.value(0);
            parser.end();
            return new Json(document, value);
        }

        Json get(String name) {
            if (value instanceof Map<?, ?> map && map.containsKey(name)) {
                return new Json(document, map.get(name));
            }
            throw new Damaged(document, "\"" + name + "\" is missing");
        }

        String text() {
            if (value instanceof String text) {
                return text;
            }
            throw new Damaged(document, "has no text where one belongs");
        }

        long number() {
            if (value instanceof Long number) {
                return number;
            }
            throw new Damaged(document, "has no whole number where one belongs");
        }

        List<Json> list() {
            if (value instanceof List<?> list) {
                List<Json> result = new ArrayList<>();
                for (Iterator<?> i = list.iterator(); i.hasNext(); ) {
                    result.add(new Json(document, i.next()));
                }
                return result;
            }
            throw new Damaged(document, "has no list where one belongs");
        }

        static void writeText(Writer out, Reader text) throws IOException {
            Writer quoted = new BufferedWriter(out);
            quoted.write('"');
            for (int c = text.read(); c >= 0; c = text.read()) {
                if (c < 0x20) {
                    quoted.write("\\u" + HexFormat.of().toHexDigits((char) c));
                } else {
                    quoted.write(c == '"' ? "\\\"" : c == '\\' ? "\\\\" : String.valueOf((char) c));
                }
            }
            quoted.write('"');
            quoted.flush();
        }

        private static final class Parser {
            private final String document;
            private final String text;
            private int at;

            Parser(String document, String text) {
                this.document = document;
                this.text = text;
            }

            Object value(int depth) {
                need(depth <= DEEPEST, document, "is nested too deep");
                char c = peek();
                if (c == '{') {
                    Map<String, Object> map = new LinkedHashMap<>();
                    items('}', () -> {
                        String name = string();
                        expect(':');
                        need(map.put(name, value(depth + 1)) == null, document, "has a name twice: " + name);
                    });
                    return map;
                } else if (c == '[') {
                    List<Object> list = new ArrayList<>();
                    items(']', () -> list.add(value(depth + 1)));
                    return list;
                } else if (c == '"') {
                    return string();
                }
                return literal();
            }

            void end() {
                need(peek() == 0, document, "is no JSON: it goes on after its end");
            }

            private void items(char end, Runnable item) {
                at++;
                if (peek() == end) {
                    at++;
                    return;
                }
                item.run();
                while (peek() == ',') {
                    at++;
                    item.run();
                }
                expect(end);
            }

            private String string() {
                expect('"');
                StringBuilder result = new StringBuilder();
                while (true) {
                    char c = take();
                    if (c == '"') {
                        return result.toString();
                    }
                    result.append(c == '\\' ? escaped(take()) : c);
                }
            }

            private char escaped(char c) {
                int i = "bfnrt".indexOf(c);
                if (c == 'u') {
                    need(text.length() - at >= 4, document, "is no JSON: it ends within an escape");
                    at += 4;
                    return (char) HexFormat.fromHexDigits(text, at - 4, at);
                }
                return i >= 0 ? "\b\f\n\r\t".charAt(i) : c;
            }

            private Object literal() {
                int from = at;
                while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                String word = text.substring(from, at);
                if (word.matches("-?[0-9]{1,18}")) {
                    return Long.valueOf(word);
                }
                need(word.matches("true|false|null|-?[0-9][0-9.eE+-]*"), document, "is no JSON: " + word);
                return new Literal(word);
            }

            private char peek() {
                while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                    at++;
                }
                return at < text.length() ? text.charAt(at) : 0;
            }

            private char take() {
                need(at < text.length(), document, "is no JSON: it ends early");
                return text.charAt(at++);
            }

            private void expect(char c) {
                need(peek() == c, document, "is no JSON: " + c + " is missing at " + at);
                at++;
            }
        }
    }
}
