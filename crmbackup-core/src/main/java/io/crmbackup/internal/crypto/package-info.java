/**
 * Keys and authenticated encryption, on the JDK's own algorithms alone: HMAC-SHA-256, HKDF-SHA-256 (RFC 5869),
 * PBKDF2-HMAC-SHA-512 (RFC 8018), AES-256-GCM.
 *
 * <p>There is one suite and no negotiation. A repository has one 32-byte {@linkplain
 * io.crmbackup.internal.crypto.MasterKey master key}; each purpose has its own key, {@code
 * HKDF(ikm = master key, salt = repository id, info = "crmbackup/1/" + purpose)}; each sealed thing has a key of its
 * own, derived from its purpose's key and a
 * {@linkplain io.crmbackup.internal.crypto.FreshKeys salt} that depends on random bytes and on the content. So no
 * counter has to be kept, no limit on random nonces is ever near, and a random
 * generator that repeats itself (a virtual machine that was cloned) can at worst show that two equal things are equal.
 *
 * <p>The master key is stored in {@linkplain io.crmbackup.internal.crypto.KeySlot key slots}, wrapped under a
 * passphrase or a key file; it opens everything, and whoever has had it once can
 * open what was written under it, also after the slot is removed.
 *
 * <h2>Sealed bytes</h2>
 *
 * Plain bytes are cut into segments of 16,384 bytes (the last one shorter, or empty if there is nothing to seal),
 * each encrypted with AES-256-GCM to its length plus a tag of 16 bytes, and written one after the other
 * (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). All integers of the format are big-endian.
 *
 * <pre>
 * nonce   4 bytes  domain: what kind of thing is sealed (see {@link io.crmbackup.internal.crypto.SegmentedAead})
 *         7 bytes  number of the segment, from 0
 *         1 byte   1 for the last segment, else 0
 * AAD     as the caller says, the same for every segment
 * tag    16 bytes  after each segment's ciphertext
 * </pre>
 *
 * <h2>Key slot</h2>
 *
 * The body of an object {@code keys/<id>} (for the envelope around it see the package {@code object}), 164 bytes:
 *
 * <pre>
 *   0   1  kind: 1 passphrase, 2 key file, 3 none
 *   1   1  key derivation: 1 PBKDF2-HMAC-SHA-512 (kind 1), 2 none but HKDF (kinds 2 and 3)
 *   2   2  zero
 *   4   4  iterations (kind 1), else zero
 *   8  16  repository id
 *  24  16  slot id: the bytes of the object's name
 *  40  32  salt
 *  72  32  key commitment: HMAC-SHA-256(KEK, "commit")
 * 104  12  nonce
 * 116  48  AES-256-GCM(KEK, nonce, AAD = "crmbackup/1/slot" ‖ bytes 0 to 115) of the master key, with its tag
 *
 * secret  kind 1: PBKDF2-HMAC-SHA-512(passphrase in UTF-8 after Unicode NFC, salt, iterations), 64 bytes
 *         kind 2: the bytes of the key file
 *         kind 3: the ASCII bytes "crmbackup/1 no encryption"
 * KEK     HKDF-SHA-256(ikm = secret, salt = salt, info = "crmbackup/1/slot"), 32 bytes
 * </pre>
 */
@NullMarked
package io.crmbackup.internal.crypto;

import org.jspecify.annotations.NullMarked;
