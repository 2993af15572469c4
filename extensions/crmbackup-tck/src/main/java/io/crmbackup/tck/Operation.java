package io.crmbackup.tck;

/**
 * A call that a sink is asked to carry out.
 *
 * @param index how many calls came before it
 * @param kind which method is called
 * @param name the object's name, or the prefix of a listing
 * @param length bytes to be put or asked for; 0 for other calls
 */
public record Operation(long index, Kind kind, String name, long length) {
    /** Which method is called. */
    public enum Kind {
        /** {@link io.crmbackup.spi.Sink#put}. */
        PUT,
        /** {@link io.crmbackup.spi.Sink#get}. */
        GET,
        /** {@link io.crmbackup.spi.Sink#list}. */
        LIST,
        /** {@link io.crmbackup.spi.Sink#delete}. */
        DELETE
    }

    /** Whether it changes what the sink holds. */
    public boolean mutates() {
        return kind == Kind.PUT || kind == Kind.DELETE;
    }

    /** The call in one short line. */
    @Override
    public String toString() {
        return "#" + index + " " + kind + " " + name + (length == 0 ? "" : "[" + length + "]");
    }
}
