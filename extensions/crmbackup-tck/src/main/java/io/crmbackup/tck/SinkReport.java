package io.crmbackup.tck;

import java.util.List;

/**
 * What {@link SinkCheck} has found.
 *
 * @param findings one for each rule, in the rules' order
 */
public record SinkReport(List<Finding> findings) {
    /** Copies the list. */
    public SinkReport {
        findings = List.copyOf(findings);
    }

    /** How a rule came out. */
    public enum Result {
        /** It was kept. */
        PASSED,
        /** It was broken. */
        FAILED,
        /** It could not be tried. */
        SKIPPED
    }

    /**
     * How one rule came out.
     *
     * @param rule the rule
     * @param result how it came out
     * @param why what was seen, or why it was not tried; empty if it passed
     */
    public record Finding(SinkRule rule, Result result, String why) {
        /** The finding in one line. */
        @Override
        public String toString() {
            return result + " " + rule.title() + (why.isEmpty() ? "" : ": " + why);
        }
    }

    /** Whether no MUST was broken: then a repository is safe in this sink. */
    public boolean isLawful() {
        return failures().stream().noneMatch(f -> f.rule().strength() == SinkRule.Strength.MUST);
    }

    /** The rules that were broken, SHOULDs included. */
    public List<Finding> failures() {
        return findings.stream().filter(f -> f.result() == Result.FAILED).toList();
    }

    /** One line for each rule. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        findings.forEach(finding -> text.append(finding).append('\n'));
        return text.toString();
    }
}
