package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.translate.Origin;
import io.crmbackup.jdbc.internal.translate.Translation;
import io.crmbackup.jdbc.internal.translate.Unfit;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A restore of another product's backup into an empty database: the restore of its translation. */
public final class TranslatedRestore implements TargetSession {
    private final Translation translation;
    private final EmptyRestore restore;
    private @Nullable TargetPreview preview;

    /** Whether a backup with these attributes is one of another product, and tables can be made anew in this one. */
    public static boolean isNeeded(Dialect here, Map<String, String> attributes) {
        return attributes.containsKey("product")
                && here.otherProduct(attributes).isPresent()
                && Translation.isKnown(here.product());
    }

    /**
     * Opens one.
     *
     * @param products dialects by the names of their products
     */
    public static TranslatedRestore open(
            LoadConnections connections,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Unfit unfit,
            Commits commits,
            Function<String, Optional<Dialect>> products)
            throws IOException {
        Optional<Dialect> there = products.apply(attributes.getOrDefault("product", ""));
        Origin origin = there.isPresent()
                ? Origin.of(attributes, there.get().defaultSchema(), there.get()::words)
                : Origin.of(attributes, "", SqlTokens::of);
        try {
            Translation translation =
                    Translation.of(attributes, origin, collections, connections.first(), connections.dialect(), unfit);
            return new TranslatedRestore(connections, translation, commits);
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
    }

    private TranslatedRestore(LoadConnections connections, Translation translation, Commits commits)
            throws IOException {
        this.translation = translation;
        // Its statements are made here, none is the backup's.
        this.restore =
                new EmptyRestore(connections, translation.attributes(), translation.collections(), Trust.ALL, commits);
    }

    @Override
    public TargetPreview preview() throws IOException {
        TargetPreview known = preview;
        if (known != null) {
            return known;
        }
        TargetPreview own = restore.preview();
        List<String> blockers = new ArrayList<>(translation.blockers());
        blockers.addAll(own.blockers());
        List<String> notes = new ArrayList<>(translation.notes());
        notes.addAll(own.notes());
        if (blockers.isEmpty()) {
            translation.check(blockers, notes);
        }
        known = new TargetPreview(blockers, notes, own.steps());
        preview = known;
        return known;
    }

    @Override
    public void begin() throws IOException {
        List<String> blockers = preview().blockers();
        if (!blockers.isEmpty()) {
            throw new IOException(String.join("; ", blockers));
        }
        restore.begin();
    }

    @Override
    public int writesAtOnce() {
        return restore.writesAtOnce();
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        return restore.write(translation.of(collection));
    }

    @Override
    public void finish() throws IOException {
        restore.finish();
    }

    @Override
    public Optional<RestoredCollection> counterpart(RestoredCollection collection) {
        return Optional.of(translation.counterpart(collection));
    }

    @Override
    public List<String> notes() {
        return restore.notes();
    }

    @Override
    public void close() throws IOException {
        restore.close();
    }
}
