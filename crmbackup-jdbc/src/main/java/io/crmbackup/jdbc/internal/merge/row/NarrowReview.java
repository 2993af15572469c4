package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Finds rows with values that columns don't take any more, as they became narrower since the backup. */
public final class NarrowReview implements Review {
    private final TableFit fit;

    public NarrowReview(TableFit fit) {
        this.fit = fit;
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions) throws IOException {
        for (RestoredRow row : rows.values()) {
            Decision decision = decisions.get(row.key());
            if (decision != null && Review.writes(decision, fit.places())) {
                Optional<Integer> narrow = fit.tooNarrow(
                        row.wanted(),
                        i -> decision.kind() == Decision.Kind.INSERT
                                || decision.fields().get(i));
                if (narrow.isPresent()) {
                    Field column = fit.fields().get(narrow.get());
                    String reason =
                            "with a value that doesn't fit into column " + column.name() + " " + column.nativeType();
                    decisions.put(row.key(), Review.against(row, decision, reason));
                }
            }
        }
    }
}
