package io.crmbackup.jdbc.internal.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text to UTF-8 that fails where the JDK would put a question mark: half of a surrogate pair has no bytes in UTF-8. */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long BEYOND_ASCII = 0x8080808080808080L;

    private Utf8() {}

    public static byte[] encode(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // What the JDK replaced comes back as another text; only then is it worth a look at every character.
        if (hasSurrogate(text)) {
            try {
                encoder().encode(CharBuffer.wrap(text));
            } catch (CharacterCodingException e) {
                throw unencodable(e);
            }
        }
        return bytes;
    }

    /** Whether bytes are text in UTF-8. Most are ASCII. */
    public static boolean isText(byte[] bytes) {
        return isAscii(bytes) || decodes(bytes);
    }

    /** Whether bytes are text in ASCII, which is seen eight bytes at a time. */
    public static boolean isAscii(byte[] bytes) {
        int at = 0;
        while (at <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, at) & BEYOND_ASCII) == 0) {
            at += Long.BYTES;
        }
        while (at < bytes.length && bytes[at] >= 0) {
            at++;
        }
        return at == bytes.length;
    }

    private static boolean decodes(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(Math.min(bytes.length, 8192));
        CoderResult result;
        do {
            out.clear();
            result = decoder.decode(in, out, true);
        } while (result.isOverflow());
        return !result.isError();
    }

    /** The bytes of a reader's text; closes the reader with the stream. */
    public static InputStream stream(Reader reader) {
        return new EncodedReader(reader);
    }

    private static CharsetEncoder encoder() {
        return StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    private static boolean hasSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static IOException unencodable(CharacterCodingException cause) {
        return new IOException("the text has half of a surrogate pair, which UTF-8 can't hold", cause);
    }

    private static final class EncodedReader extends InputStream {
        private final Reader reader;
        private final CharsetEncoder encoder = encoder();
        private final CharBuffer chars = CharBuffer.allocate(8192).flip();
        private final ByteBuffer bytes = ByteBuffer.allocate(8192 * 3).flip();
        private boolean ended;

        EncodedReader(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!bytes.hasRemaining()) {
                if (ended) {
                    return -1;
                }
                fill();
            }
            int count = Math.min(length, bytes.remaining());
            bytes.get(target, offset, count);
            return count;
        }

        private void fill() throws IOException {
            chars.compact();
            int read = reader.read(chars);
            chars.flip();
            ended = read < 0;
            bytes.clear();
            CoderResult result = encoder.encode(chars, bytes, ended);
            if (result.isError()) {
                try {
                    result.throwException();
                } catch (CharacterCodingException e) {
                    throw unencodable(e);
                }
            }
            if (ended) {
                encoder.flush(bytes);
            }
            bytes.flip();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
