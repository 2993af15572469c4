package io.crmbackup.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Kinds of content that are measured. */
public enum Content {
    /** Bytes that no pattern is in: photos, compressed documents. */
    RANDOM {
        @Override
        byte[] bytes(int length, SplittableRandom random) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }
    },
    /** A dump of a table. */
    SQL {
        @Override
        byte[] bytes(int length, SplittableRandom random) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(length + 200);
            for (int id = 1000; bytes.size() < length; id++) {
                String row = "INSERT INTO contact VALUES (" + id + ",'Name " + random.nextInt(3000) + "',NULL,'2024-0"
                        + (1 + random.nextInt(9)) + "-11 10:00:00'," + random.nextInt(2) + ");\n";
                bytes.writeBytes(row.getBytes(US_ASCII));
            }
            return Arrays.copyOf(bytes.toByteArray(), length);
        }
    },
    /** Zeros, and a byte every 250 on average: sparse files, images of disks. */
    SPARSE {
        @Override
        byte[] bytes(int length, SplittableRandom random) {
            byte[] bytes = new byte[length];
            for (int at = 0; at < length; at += 1 + random.nextInt(500)) {
                bytes[at] = (byte) random.nextInt(256);
            }
            return bytes;
        }
    },
    /** Eight bytes over and over, where every rank ties: the worst that the chunker can meet. */
    PERIODIC {
        @Override
        byte[] bytes(int length, SplittableRandom random) {
            byte[] bytes = new byte[length];
            long pattern = random.nextLong();
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (pattern >>> 8 * (i & 7));
            }
            return bytes;
        }
    };

    abstract byte[] bytes(int length, SplittableRandom random);

    /** Generates content; always the same for the same length. */
    @SuppressWarnings("EnumOrdinal") // a seed, nothing is stored
    public byte[] bytes(int length) {
        return bytes(length, new SplittableRandom(ordinal()));
    }
}
