package io.crmbackup.internal.object;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.NotARepositoryException;
import io.crmbackup.error.SinkException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.error.WrongKeyException;
import io.crmbackup.internal.crypto.KeySlot;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotKind;
import io.crmbackup.internal.crypto.SlotSecret;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The key slots of a repository. Thread-safe.
 *
 * <p>Removing a slot stops nobody who has already had the master key; it only takes away a way to get it.
 */
public final class KeySlots {
    /** Most slots that are looked at, so that a hostile listing can't keep an open busy for ever. */
    static final int MAX_SLOTS = 64;

    private final ObjectStore store;

    /** Creates the view of a sink's slots. */
    public KeySlots(ObjectStore store) {
        this.store = store;
    }

    /** Adds a slot that the secret opens, and returns its id once it is stored. */
    public ObjectId add(MasterKey master, SlotSecret secret, SecureRandom random) {
        ObjectId id = ObjectId.random(random);
        String name = ObjectRole.KEY.name(id);
        byte[] body = KeySlot.wrap(master, id.toBytes(), secret, random);
        if (store.put(name, Envelope.wrap(ObjectRole.KEY, body)) == ObjectStore.Outcome.TAKEN) {
            throw new SinkException(name + " is taken by another object; the random generator repeats itself");
        }
        return id;
    }

    /** The slots and their kinds, ordered by id; unknown kinds are empty, damaged slots left out. */
    public Map<ObjectId, Optional<SlotKind>> list() {
        Map<ObjectId, Optional<SlotKind>> slots = new LinkedHashMap<>();
        for (ObjectId id : ids()) {
            try {
                slots.put(id, KeySlot.kind(body(id)));
            } catch (DamagedObjectException | UnsupportedFormatException e) {
                // left out, as promised
            }
        }
        return slots;
    }

    /** Removes a slot. The caller sees to it that another one is left. */
    public void remove(ObjectId id) {
        store.delete(ObjectRole.KEY.name(id));
    }

    /**
     * Opens the first slot that the secret opens.
     *
     * @throws WrongKeyException if it opens none, and no slot that it might have opened is damaged
     * @throws DamagedObjectException if it opens none, and a slot is damaged or was tampered with
     * @throws NotARepositoryException if there are no slots at all
     */
    public MasterKey unlock(RepositoryId repository, SlotSecret secret) {
        DamagedObjectException damage = null;
        UnsupportedFormatException unsupported = null;
        int tried = 0;
        TreeSet<ObjectId> ids = ids();
        for (ObjectId id : ids) {
            try {
                byte[] body = body(id);
                if (KeySlot.kind(body).filter(secret.kind()::equals).isPresent()) {
                    tried++;
                }
                Optional<MasterKey> key = KeySlot.unwrap(body, repository, id.toBytes(), secret);
                if (key.isPresent()) {
                    return key.get();
                }
            } catch (NotAuthenticException e) {
                damage = new DamagedObjectException(ObjectRole.KEY.name(id), e.getMessage(), e);
            } catch (DamagedObjectException e) {
                damage = e;
            } catch (UnsupportedFormatException e) {
                unsupported = e;
            }
        }
        if (damage != null) {
            throw damage;
        }
        if (unsupported != null) {
            throw unsupported;
        }
        if (ids.isEmpty()) {
            throw new NotARepositoryException("the repository has no key slots: the objects below keys/ are missing");
        }
        throw new WrongKeyException(
                tried == 0
                        ? "the repository is not opened by " + words(secret.kind()) + ": none of its " + ids.size()
                                + " key slots is of kind " + secret.kind()
                        : words(secret.kind()) + " is wrong: it opens none of the repository's " + tried
                                + " key slots of kind " + secret.kind());
    }

    private static String words(SlotKind kind) {
        return switch (kind) {
            case PASSPHRASE -> "the passphrase";
            case KEY_FILE -> "the key file";
            case NONE -> "no secret at all";
        };
    }

    private byte[] body(ObjectId id) {
        String name = ObjectRole.KEY.name(id);
        return Envelope.unwrap(ObjectRole.KEY, name, store.get(ObjectRole.KEY, name));
    }

    private TreeSet<ObjectId> ids() {
        TreeSet<ObjectId> ids = new TreeSet<>();
        store.list(ObjectRole.KEY.prefix(), object -> {
            if (ids.size() < MAX_SLOTS) {
                ObjectRole.KEY.id(object.name()).ifPresent(ids::add);
            }
        });
        return ids;
    }
}
