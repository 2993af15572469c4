package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What befalls one call of a {@link SimulatedSink}. A fault that means nothing for a call lets it be carried out. Those that break a rule of
 * {@link Sink}, and that no lawful sink brings about, say so: they show that damage is detected.
 */
public abstract class Fault {
    private final String name;

    Fault(String name) {
        this.name = name;
    }

    void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
        store.sink().put(object, content);
    }

    InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
        return store.sink().get(object, offset, length);
    }

    void list(SimulatedSink.Store store, String prefix, Consumer<SinkObject> visitor) throws IOException {
        store.sink().list(prefix, visitor);
    }

    void delete(SimulatedSink.Store store, String object) throws IOException {
        store.sink().delete(object);
    }

    /** The call is carried out. */
    public static Fault none() {
        return new Fault("none") {};
    }

    /** The call fails and has no effect. */
    public static Fault notApplied() {
        return new Broken("not applied", 0);
    }

    /** A put fails after the store has got some bytes, of which nothing is seen; another call fails and has no effect. */
    public static Fault torn(long bytes) {
        return new Broken("torn after " + bytes + " bytes", bytes);
    }

    /** A put fails, and an object that has only the first bytes is seen. Unlawful. */
    public static Fault tornAndSeen(long bytes) {
        return new Fault("torn and seen with " + bytes + " bytes") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
                byte[] whole = bytesOf(content);
                store.sink().put(object, SinkContent.of(whole, (int) Math.min(bytes, whole.length)));
                throw failure();
            }
        };
    }

    /** A put or delete is carried out, and its answer lost: it fails. */
    public static Fault appliedButError() {
        return new Fault("applied, but an error") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
                super.put(store, object, content);
                throw failure();
            }

            @Override
            void delete(SimulatedSink.Store store, String object) throws IOException {
                super.delete(store, object);
                throw failure();
            }
        };
    }

    /** A put is carried out and acknowledged, but the next crash takes the object. Unlawful. */
    public static Fault appliedAndLost() {
        return new Fault("applied, lost by the next crash") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
                super.put(store, object, content);
                store.loseAtCrash(object);
            }
        };
    }

    /** A put is acknowledged, and nothing was stored. Unlawful. */
    public static Fault neverApplied() {
        return new Fault("acknowledged, never applied") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) {}
        };
    }

    /** A put or delete waits until it is resumed, and is then carried out. */
    public static Fault suspended(Suspension suspension) {
        return new Fault("suspended") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
                suspension.block();
                super.put(store, object, content);
            }

            @Override
            void delete(SimulatedSink.Store store, String object) throws IOException {
                suspension.block();
                super.delete(store, object);
            }
        };
    }

    /** A put or delete fails at once, and is carried out when it is resumed, even if whoever asked for it is dead by then. */
    public static Fault late(Suspension suspension) {
        return new Fault("late") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
                byte[] bytes = bytesOf(content);
                suspension.defer(() -> store.sink().put(object, SinkContent.of(bytes)));
                throw failure();
            }

            @Override
            void delete(SimulatedSink.Store store, String object) throws IOException {
                suspension.defer(() -> store.sink().delete(object));
                throw failure();
            }
        };
    }

    /** A get or list answers as if nothing had been put yet. Unlawful for a get, and met with in stores nevertheless. */
    public static Fault stale() {
        return new Fault("stale") {
            @Override
            InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
                throw new NoSuchFileException(object);
            }

            @Override
            void list(SimulatedSink.Store store, String prefix, Consumer<SinkObject> visitor) {}
        };
    }

    /** A list leaves out some objects and shows others that are not there. */
    public static Fault lying(Set<String> missing, Set<String> invented) {
        return new Fault("lying list without " + missing + " and with " + invented) {
            @Override
            void list(SimulatedSink.Store store, String prefix, Consumer<SinkObject> visitor) throws IOException {
                super.list(store, prefix, object -> {
                    if (!missing.contains(object.name())) {
                        visitor.accept(object);
                    }
                });
                invented.stream()
                        .filter(object -> object.startsWith(prefix))
                        .sorted()
                        .forEach(object -> visitor.accept(new SinkObject(object, 1, null)));
            }
        };
    }

    /** A get's stream fails after some bytes. */
    public static Fault readBreaksOff(long bytes) {
        return new Fault("read breaks off after " + bytes + " bytes") {
            @Override
            InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
                return DamagedStream.breakingOff(super.get(store, object, offset, length), bytes, failure());
            }
        };
    }

    /** A get's stream ends early without an error. Unlawful. */
    public static Fault readEndsEarly(long bytes) {
        return new Fault("read ends early after " + bytes + " bytes") {
            @Override
            InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
                return super.get(store, object, offset, Math.min(bytes, length));
            }
        };
    }

    /** A get's stream has one bit inverted. Unlawful. */
    public static Fault readFlipped(long bit) {
        return new Fault("read with bit " + bit + " flipped") {
            @Override
            InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
                return DamagedStream.flipped(super.get(store, object, offset, length), bit);
            }
        };
    }

    /** This fault, and then the process that called is dead: the call and all that follow fail with {@link IllegalStateException}. */
    public final Fault andCrash() {
        Fault first = this;
        return new Fault(name + ", crash") {
            @Override
            void put(SimulatedSink.Store store, String object, SinkContent content) {
                try {
                    first.put(store, object, content);
                } catch (IOException e) {
                    // The dead are told nothing.
                }
                throw store.die();
            }

            @Override
            InputStream get(SimulatedSink.Store store, String object, long offset, long length) {
                throw store.die();
            }

            @Override
            void list(SimulatedSink.Store store, String prefix, Consumer<SinkObject> visitor) {
                throw store.die();
            }

            @Override
            void delete(SimulatedSink.Store store, String object) {
                try {
                    first.delete(store, object);
                } catch (IOException e) {
                    // The dead are told nothing.
                }
                throw store.die();
            }
        };
    }

    /** What befalls, in a few words. */
    @Override
    public final String toString() {
        return name;
    }

    final IOException failure() {
        return new IOException("simulated fault: " + name);
    }

    private static byte[] bytesOf(SinkContent content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    /** Fails, after it has read some of a put's content. */
    private static final class Broken extends Fault {
        private final long bytes;

        Broken(String name, long bytes) {
            super(name);
            this.bytes = bytes;
        }

        @Override
        void put(SimulatedSink.Store store, String object, SinkContent content) throws IOException {
            if (bytes > 0) {
                try (InputStream in = content.open()) {
                    in.skip(bytes);
                }
            }
            throw failure();
        }

        @Override
        InputStream get(SimulatedSink.Store store, String object, long offset, long length) throws IOException {
            throw failure();
        }

        @Override
        void list(SimulatedSink.Store store, String prefix, Consumer<SinkObject> visitor) throws IOException {
            throw failure();
        }

        @Override
        void delete(SimulatedSink.Store store, String object) throws IOException {
            throw failure();
        }
    }
}
