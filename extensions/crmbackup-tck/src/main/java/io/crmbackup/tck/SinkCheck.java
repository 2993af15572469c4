package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies the rules of {@link Sink} to a real store, to be sure of it before a repository is kept there. It works below a prefix of its own,
 * {@code sinkcheck/} and 16 random digits, and deletes what it has put; a rule of the listing lists the whole store once. About 1,600 small
 * objects and 40 MiB are put.
 *
 * <p>A race that was not lost in one run proves little: run it more than once, and from the machines that will write.
 */
public final class SinkCheck {
    private SinkCheck() {}

    /** Applies the rules that one client can be tried by; it stays open. */
    public static SinkReport run(Sink sink) {
        return run(List.of(SinkRule.values()), rule -> {
            if (rule.needs() == SinkRule.Needs.STORE) {
                return new SinkReport.Finding(rule, SinkReport.Result.SKIPPED, "needs several clients of the store");
            }
            try (SinkScratch scratch = SinkScratch.on(sink)) {
                rule.check(scratch);
            }
            return passed(rule);
        });
    }

    /** Applies all rules to a store of which several clients can be opened. */
    public static SinkReport run(SinkStore store) {
        return run(List.of(SinkRule.values()), rule -> {
            rule.check(store);
            return passed(rule);
        });
    }

    @FunctionalInterface
    private interface Trial {
        SinkReport.Finding of(SinkRule rule) throws Exception;
    }

    private static SinkReport.Finding passed(SinkRule rule) {
        return new SinkReport.Finding(rule, SinkReport.Result.PASSED, "");
    }

    private static SinkReport run(List<SinkRule> rules, Trial trial) {
        List<SinkReport.Finding> findings = new ArrayList<>();
        for (SinkRule rule : rules) {
            findings.add(tried(rule, trial));
        }
        return new SinkReport(findings);
    }

    // Whatever a foreign sink throws is a finding; only what is wrong with the machine itself goes on.
    private static SinkReport.Finding tried(SinkRule rule, Trial trial) {
        try {
            return trial.of(rule);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SinkReport.Finding(rule, SinkReport.Result.SKIPPED, "interrupted");
        } catch (AssertionError e) {
            return new SinkReport.Finding(rule, SinkReport.Result.FAILED, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return new SinkReport.Finding(rule, SinkReport.Result.FAILED, "unexpected: " + e);
        } catch (Exception e) {
            throw new IllegalStateException("a rule may not fail so: " + rule, e);
        }
    }
}
