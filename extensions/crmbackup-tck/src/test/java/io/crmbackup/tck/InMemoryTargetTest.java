package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InMemoryTargetTest extends TargetTck {
    private final InMemoryTarget target = InMemoryTarget.empty();

    @TempDir
    private Path directory;

    @Override
    protected Source example() {
        return SupportTickets.create();
    }

    @Override
    protected Target target() {
        return target;
    }

    @Override
    protected Target occupied() {
        return InMemoryTarget.into(SupportTickets.create(), OnConflict.FAIL);
    }

    @Override
    protected Object state() {
        return target.system().copy();
    }

    @Test
    void conflictsAreSkippedOrReplaced() throws Exception {
        for (OnConflict onConflict : List.of(OnConflict.SKIP, OnConflict.REPLACE)) {
            InMemorySource system = new InMemorySource().collection("ticket", SupportTickets.TICKET);
            SupportTickets.ticket(system, 5, "mine");
            SupportTickets.ticket(system, 77, "mine");
            InMemorySource tickets = new InMemorySource().collection("ticket", SupportTickets.TICKET);
            SupportTickets.ticket(tickets, 5, "theirs");
            SupportTickets.ticket(tickets, 6, "theirs");
            TargetSession.WriteResult result = restore(tickets, InMemoryTarget.into(system, onConflict));
            boolean skips = onConflict == OnConflict.SKIP;
            assertThat(result).isEqualTo(new TargetSession.WriteResult(skips ? 1 : 2, skips ? 1 : 0));
            List<String> subjects = SourceReading.of(system, directory).collections().get("ticket").records().stream()
                    .map(r -> r.values().get(1).text())
                    .toList();
            assertThat(subjects).containsExactly(skips ? "mine" : "theirs", "theirs", "mine");
        }
    }

    private TargetSession.WriteResult restore(Source from, Target to) throws Exception {
        List<RestoredCollection> collections =
                RestoredRecords.of(SourceReading.of(from, directory), content -> content);
        try (TargetSession session = to.open(Map.of(), collections)) {
            session.begin();
            TargetSession.WriteResult result = session.write(collections.get(0));
            session.finish();
            return result;
        }
    }
}
