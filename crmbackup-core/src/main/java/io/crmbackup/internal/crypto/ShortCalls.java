package io.crmbackup.internal.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/**
 * Encrypts in short calls. The JVM takes its hardware path for the authentication of AES-GCM only once it has compiled what calls it, which it does after some thousand
 * calls, however long they are. With calls of 16 KiB the first 80 MB of a process go at 75 MB/s on JDK 17; with shorter ones that ends after some megabytes. (It is of no
 * use to decrypt so: the cipher then gathers everything before it begins.)
 */
public final class ShortCalls {
    /** Long enough that the calls themselves cost next to nothing. */
    static final int PIECE = 1024;

    private ShortCalls() {}

    /** As {@link Cipher#doFinal(byte[], int, int, byte[], int)} with a cipher that encrypts. */
    public static int encrypt(Cipher cipher, byte[] plain, int offset, int length, byte[] target, int targetOffset)
            throws GeneralSecurityException {
        int from = offset;
        int end = offset + length;
        int to = targetOffset;
        for (; end - from > PIECE; from += PIECE) {
            to += cipher.update(plain, from, PIECE, target, to);
        }
        to += cipher.doFinal(plain, from, end - from, target, to);
        return to - targetOffset;
    }
}
