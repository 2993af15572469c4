package io.crmbackup.internal.chunk;

import java.util.SplittableRandom;

/** Kinds of content, from easy to nasty; the same seed gives the same bytes. */
enum Corpus {
    RANDOM {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            random.nextBytes(bytes);
        }
    },
    TEXT {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            String[] words = new String[400];
            for (int i = 0; i < words.length; i++) {
                words[i] = Integer.toString(random.nextInt(1 << 25), 36) + " ";
            }
            for (int at = 0; at < bytes.length; ) {
                int skewed = random.nextInt(1 + random.nextInt(words.length));
                at = put(bytes, at, words[skewed]);
            }
        }
    },
    SQL {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            int id = 1000;
            for (int at = 0; at < bytes.length; ) {
                at = put(
                        bytes,
                        at,
                        "INSERT INTO contact VALUES (" + id++ + ",'Name " + random.nextInt(300) + "',NULL,'2024-0"
                                + (1 + random.nextInt(9)) + "-11 10:00:00'," + random.nextInt(2) + ");\n");
            }
        }
    },
    CSV {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            for (int at = 0; at < bytes.length; ) {
                at = put(bytes, at, random.nextInt(10) + "," + random.nextInt(10) + "\n");
            }
        }
    },
    DNA {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) "ACGT".charAt(random.nextInt(4));
            }
        }
    },
    SMALL_INTS {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            for (int i = 0; i < bytes.length; i += 4) {
                bytes[i] = (byte) random.nextInt(200);
            }
        }
    },
    SPARSE {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            for (int at = 0; at < bytes.length; at += 1 + random.nextInt(500)) {
                bytes[at] = (byte) (1 + random.nextInt(255));
            }
        }
    },
    ZEROS {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {}
    },
    PERIOD_4 {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            repeat(bytes, 4, random);
        }
    },
    PERIOD_8 {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            repeat(bytes, 8, random);
        }
    },
    PERIOD_64 {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            repeat(bytes, 64, random);
        }
    },
    /** Stretches of all the others. */
    MIXED {
        @Override
        void fill(byte[] bytes, SplittableRandom random) {
            for (int at = 0; at < bytes.length; ) {
                Corpus other = values()[random.nextInt(values().length - 1)];
                byte[] part = other.bytes(Math.min(bytes.length - at, 1 + random.nextInt(3000)), random.nextLong());
                System.arraycopy(part, 0, bytes, at, part.length);
                at += part.length;
            }
        }
    };

    abstract void fill(byte[] bytes, SplittableRandom random);

    byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        fill(bytes, new SplittableRandom(seed));
        return bytes;
    }

    private static int put(byte[] bytes, int at, String text) {
        int end = Math.min(bytes.length, at + text.length());
        for (int i = at; i < end; i++) {
            bytes[i] = (byte) text.charAt(i - at);
        }
        return end;
    }

    private static void repeat(byte[] bytes, int period, SplittableRandom random) {
        byte[] once = new byte[period];
        random.nextBytes(once);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = once[i % period];
        }
    }
}
