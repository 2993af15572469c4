package io.crmbackup.examples.extending;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.tck.SourceTck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TicketSourceTest extends SourceTck {
    private final List<TicketSource.Ticket> tickets = new ArrayList<>();

    TicketSourceTest() {
        for (int i = 0; i < 100; i++) {
            tickets.add(new TicketSource.Ticket(i * 7L, "subject " + i));
        }
        Collections.shuffle(tickets, new Random(1));
    }

    @Override
    protected Source source() {
        return new TicketSource(() -> tickets);
    }

    @Override
    protected Map<String, Integer> records() {
        return Map.of("ticket", tickets.size());
    }

    @Override
    protected void change() {
        tickets.set(5, new TicketSource.Ticket(tickets.get(5).number(), "solved"));
    }

    @Override
    protected Object state() {
        return List.copyOf(tickets);
    }

    @Test
    void ticketsAreBackedUpAndRestored() {
        try (BackupRepository repository = BackupRepository.on(new InMemorySink())
                .encryption(Encryption.none())
                .create()) {
            repository.backup(
                    BackupPlan.named("tickets").source("support", source()).build());
            InMemoryTarget target = InMemoryTarget.empty();
            repository.restore(RestorePlan.latest("tickets")
                    .into("support", target)
                    .verify()
                    .build());
            assertThat(target.system().size("ticket")).isEqualTo(100);
        }
    }
}
