package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what happens with rows. */
public interface Judge {
    /** The reason for which rows are refused that are there where none may be. */
    String THERE = "there already";

    /**
     * Decides on one.
     *
     * @param now the row that the database has with this key; null if it has none. Contents can be opened until the call returns
     */
    Decision decide(RestoredRow row, @Nullable List<FieldValue> now) throws IOException;

    /** Whether only keys have to be known of rows that are there. */
    boolean needsKeysOnly();

    /** Whether rows that are there may be written, so that they must not change between being looked at and being written. */
    boolean writesExisting();

    /** The reasons by which a row is refused, or left in conflict with others that are restored. */
    String CHANGED_SINCE = "was changed since";

    String DELETED_SINCE = "was deleted since";

    String CAME_BACK = "was put there again since, with other values";

    String REFERRED_TO = "is referred to by rows that stay";
}
