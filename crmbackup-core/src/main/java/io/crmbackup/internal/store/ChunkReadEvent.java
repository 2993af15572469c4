package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkType;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Tells a flight recording of a chunk that was read from the repository, not from memory; costs nothing while none asks for it. */
@Name(ChunkReadEvent.NAME)
@Label("Chunk Read")
@Category("crmbackup")
@Description("A chunk was read from the repository, decoded and checked")
@StackTrace(false)
final class ChunkReadEvent extends Event {
    static final String NAME = "io.crmbackup.ChunkRead";

    @Label("Type")
    @Description("What kind of chunk it is, such as LEAF or INNER")
    String type = "";

    @Label("Plain Length")
    @DataAmount
    int plainLength;

    /** Ends the event. */
    void commit(ChunkType chunkType, byte[] plain) {
        if (shouldCommit()) {
            type = chunkType.name();
            plainLength = plain.length;
            commit();
        }
    }
}
