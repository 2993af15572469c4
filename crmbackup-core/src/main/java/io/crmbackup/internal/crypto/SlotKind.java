package io.crmbackup.internal.crypto;

import java.util.Optional;

/** How the master key is wrapped in a key slot. */
public enum SlotKind {
    /** Under a passphrase, stretched by PBKDF2-HMAC-SHA-512. */
    PASSPHRASE(1, 1),
    /** Under the bytes of a key file. */
    KEY_FILE(2, 2),
    /** Under a published constant: no secrecy. */
    NONE(3, 2);

    private final byte code;
    private final byte derivation;

    SlotKind(int code, int derivation) {
        this.code = (byte) code;
        this.derivation = (byte) derivation;
    }

    byte code() {
        return code;
    }

    byte derivation() {
        return derivation;
    }

    /** The kind with this code, if this version knows it. */
    static Optional<SlotKind> of(byte code) {
        for (SlotKind kind : values()) {
            if (kind.code == code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
