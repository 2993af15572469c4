package io.crmbackup.spi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A field's value: nothing, bytes in memory, or content that is read as a stream. Immutable. */
public final class FieldValue {
    /** No value. */
    public static final FieldValue NULL = new FieldValue(null, null, 0);

    private final byte @Nullable [] bytes;
    private final @Nullable FieldContent content;
    private final long length;

    private FieldValue(byte @Nullable [] bytes, @Nullable FieldContent content, long length) {
        this.bytes = bytes;
        this.content = content;
        this.length = length;
    }

    /** Bytes in memory, which must not be changed afterwards; null for no value. */
    public static FieldValue of(byte @Nullable [] bytes) {
        return bytes == null ? NULL : new FieldValue(bytes, null, bytes.length);
    }

    /** Text, in UTF-8; null for no value. */
    public static FieldValue text(@Nullable String text) {
        return text == null ? NULL : of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A number's decimal digits. */
    public static FieldValue number(long number) {
        return text(Long.toString(number));
    }

    /**
     * Content that is read as a stream.
     *
     * @param length its expected length in bytes, or -1 if that is not known; what the stream gives counts
     */
    public static FieldValue content(FieldContent content, long length) {
        return new FieldValue(null, Objects.requireNonNull(content, "content"), length);
    }

    /** Whether there is no value. */
    public boolean isNull() {
        return bytes == null && content == null;
    }

    /** Whether the value is read as a stream. */
    public boolean isContent() {
        return content != null;
    }

    /** The value's length in bytes, 0 for no value, -1 if it is not known before it is read. */
    public long length() {
        return length;
    }

    /** Opens the value as a stream that the caller closes; throws {@link IllegalStateException} if there is no value. */
    public InputStream open() throws IOException {
        if (content != null) {
            return content.open();
        }
        if (bytes == null) {
            throw new IllegalStateException("there is no value to open");
        }
        return new ByteArrayInputStream(bytes);
    }

    /** Opens the value like {@link #open()}; what is equal in bytes at hand need not be fetched. */
    public InputStream open(BytesAtHand similar) throws IOException {
        return content != null ? content.open(similar) : open();
    }

    /** Whether the bytes at hand are this value, byte by byte and no more; throws {@link IllegalStateException} if there is no value. */
    public boolean isEqualTo(BytesAtHand other) throws IOException {
        FieldContent own = content;
        return own != null ? own.isEqualTo(other) : ((FieldContent) this::open).isEqualTo(other);
    }

    /**
     * The value's bytes, which the caller must not change; throws {@link IllegalStateException} if there is no value or it is content.
     */
    public byte[] bytes() {
        if (bytes == null) {
            throw new IllegalStateException(isContent() ? "the value is content: open it" : "there is no value");
        }
        return bytes;
    }

    /** The value as text, or null if there is none; throws {@link IllegalStateException} if it is content. */
    public @Nullable String text() {
        return isNull() ? null : new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Equal if both are nothing or hold the same bytes; content is equal to itself only. */
    @Override
    @SuppressWarnings("ReferenceEquality") // content can't be compared without being read
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldValue that && content == that.content && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(bytes) + Objects.hashCode(content);
    }

    /** Tells the kind and length, never the value: it may be personal. */
    @Override
    public String toString() {
        return isNull() ? "null" : (isContent() ? "content" : "bytes") + "[" + length + "]";
    }
}
