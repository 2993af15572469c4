package io.crmbackup.internal.chunk;

/** Takes the pieces of a content, in their order. */
@FunctionalInterface
public interface PieceConsumer {
    /**
     * Takes one piece, which is never empty. The bytes are the chunker's: they must not be changed, nor read after this
     * method has returned.
     */
    void accept(byte[] buffer, int offset, int length);
}
