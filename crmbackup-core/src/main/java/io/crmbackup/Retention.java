package io.crmbackup;

import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Which of a plan's snapshots to keep. What no rule names may expire. Immutable and thread-safe.
 *
 * <p>Rules speak of complete snapshots and of the moments that these stand for; a snapshot is kept if any of them names it. "Daily 30" keeps the last snapshot of each of the newest 30 days that
 * have one: days without a backup don't count, so that a system that was not backed up for a month keeps what it had. Days, weeks (ISO, from Monday), months and years are those of {@linkplain #inZone a time zone}, UTC
 * unless another one is set.
 *
 * <p>Whatever the rules say, these are kept:
 * <ul>
 *   <li>the plan's newest complete snapshot, and its newest full one, which differential backups are measured against;
 *   <li>partial snapshots, while there is no newer complete one. They count towards no rule;
 *   <li>snapshots whose moment is in the future: either the clock was wrong when they were made or it is wrong now, and a wrong clock should not make anything expire. They count towards no rule either.
 * </ul>
 * The clock decides about nothing else: {@link #within} counts back from the newest snapshot, not from now.
 */
public final class Retention {
    private final boolean all;
    private final int last;
    private final Map<Period, Integer> periods;
    private final @Nullable Duration within;
    private final ZoneId zone;

    private Retention(boolean all, int last, Map<Period, Integer> periods, @Nullable Duration within, ZoneId zone) {
        this.all = all;
        this.last = last;
        this.periods = Collections.unmodifiableMap(periods);
        this.within = within;
        this.zone = zone;
    }

    /** Stretches of the calendar, and how each is written. */
    private enum Period {
        // With the offset, as an hour comes twice in the night in which clocks are set back.
        HOURLY("uuuu-MM-dd'T'HHXXX"),
        DAILY("uuuu-MM-dd"),
        WEEKLY("YYYY-'W'ww"),
        MONTHLY("uuuu-MM"),
        YEARLY("uuuu");

        private final DateTimeFormatter form;

        Period(String pattern) {
            // Weeks of ISO 8601 begin on Monday, and the first is the one with the year's first Thursday; so they do in
            // the United Kingdom.
            form = DateTimeFormatter.ofPattern(pattern, Locale.UK);
        }

        String text(ZonedDateTime moment) {
            return form.format(moment);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Begins a rule that says nothing yet: at least one of the other methods has to be called before it can be used. */
    public static Retention keep() {
        return new Retention(false, 0, new EnumMap<>(Period.class), null, ZoneOffset.UTC);
    }

    /** Keeps everything. */
    public static Retention keepAll() {
        return new Retention(true, 0, new EnumMap<>(Period.class), null, ZoneOffset.UTC);
    }

    /** Keeps the newest snapshots, this many; at least 1. */
    public Retention last(int snapshots) {
        return new Retention(rules(), positive("last", snapshots), periods, within, zone);
    }

    /** Keeps the last snapshot of each of the newest hours that have one, this many; at least 1. */
    public Retention hourly(int hours) {
        return with(Period.HOURLY, hours);
    }

    /** Keeps the last snapshot of each of the newest days that have one, this many; at least 1. */
    public Retention daily(int days) {
        return with(Period.DAILY, days);
    }

    /** Keeps the last snapshot of each of the newest weeks that have one, this many; at least 1. */
    public Retention weekly(int weeks) {
        return with(Period.WEEKLY, weeks);
    }

    /** Keeps the last snapshot of each of the newest months that have one, this many; at least 1. */
    public Retention monthly(int months) {
        return with(Period.MONTHLY, months);
    }

    /** Keeps the last snapshot of each of the newest years that have one, this many; at least 1. */
    public Retention yearly(int years) {
        return with(Period.YEARLY, years);
    }

    /** Keeps all snapshots that are older than the newest by at most this, which must be positive. */
    public Retention within(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("the time within which snapshots are kept must be positive, not " + age);
        }
        return new Retention(rules(), last, periods, age, zone);
    }

    /** Sets where days, weeks, months and years begin. */
    public Retention inZone(ZoneId timeZone) {
        return new Retention(all, last, periods, within, Objects.requireNonNull(timeZone, "timeZone"));
    }

    private Retention with(Period period, int count) {
        Map<Period, Integer> more = new EnumMap<>(Period.class);
        more.putAll(periods);
        more.put(period, positive(period.toString(), count));
        return new Retention(rules(), last, more, within, zone);
    }

    /** Rules beside one that keeps everything would never be looked at. */
    private boolean rules() {
        if (all) {
            throw new IllegalStateException("keepAll() keeps everything; begin with keep() to say what to keep");
        }
        return false;
    }

    private static int positive(String rule, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    rule + " must keep at least 1 snapshot, not " + count + "; leave the rule out to keep none by it");
        }
        return count;
    }

    /** Whether this keeps anything; a rule that doesn't is refused wherever one is used. */
    boolean isEmpty() {
        return !all && last == 0 && periods.isEmpty() && within == null;
    }

    /** This rule, if it keeps anything. */
    Retention requireRules() {
        if (isEmpty()) {
            throw new IllegalArgumentException(
                    "the retention keeps nothing: say what to keep, as Retention.keep().last(7).daily(30), or Retention.keepAll()");
        }
        return this;
    }

    /**
     * Says why each of a plan's snapshots is kept. A pure function: nothing happens.
     *
     * @param snapshots all snapshots of one plan, the one that was committed last first, as {@link BackupRepository#snapshots(String)} lists them
     * @param now the time, by which snapshots of the future are known
     * @return the snapshots to keep in the same order, each with at least one reason, as "last 3", "daily 2026-11-21"; what is not among them may expire
     * @throws IllegalArgumentException if this keeps nothing, or the snapshots are of several plans
     */
    public Map<SnapshotId, List<String>> reasonsToKeep(List<Snapshot> snapshots, Instant now) {
        requireRules();
        if (snapshots.stream().map(Snapshot::plan).distinct().count() > 1) {
            throw new IllegalArgumentException("retention is judged for one plan at a time");
        }
        Map<SnapshotId, List<String>> reasons = new LinkedHashMap<>();
        snapshots.forEach(snapshot -> reasons.put(snapshot.id(), new ArrayList<>()));
        BiConsumer<Snapshot, String> keep = (snapshot, reason) ->
                Objects.requireNonNull(reasons.get(snapshot.id())).add(reason);
        always(snapshots, now, keep);
        byRules(
                snapshots.stream()
                        .filter(snapshot ->
                                isComplete(snapshot) && !snapshot.moment().isAfter(now))
                        .sorted(Comparator.comparing(Snapshot::moment).reversed())
                        .toList(),
                keep);
        if (all) {
            snapshots.forEach(snapshot -> keep.accept(snapshot, "everything is kept"));
        }
        reasons.values().removeIf(List::isEmpty);
        return reasons;
    }

    private static void always(List<Snapshot> snapshots, Instant now, BiConsumer<Snapshot, String> keep) {
        boolean newestComplete = true;
        boolean newestFull = true;
        for (Snapshot snapshot : snapshots) {
            if (newestComplete) {
                keep.accept(
                        snapshot,
                        isComplete(snapshot)
                                ? "newest complete snapshot of the plan"
                                : "partial, and no newer one is complete");
                newestComplete = !isComplete(snapshot);
            }
            if (newestFull && snapshot.strategy() == StrategyKind.FULL) {
                keep.accept(snapshot, "newest full of the plan");
                newestFull = false;
            }
            if (snapshot.moment().isAfter(now)) {
                keep.accept(snapshot, "its moment is in the future");
            }
        }
    }

    private void byRules(List<Snapshot> newestFirst, BiConsumer<Snapshot, String> keep) {
        for (int i = 0; i < Math.min(last, newestFirst.size()); i++) {
            keep.accept(newestFirst.get(i), "last " + (i + 1));
        }
        periods.forEach((period, count) -> {
            Set<String> seen = new HashSet<>();
            for (Snapshot snapshot : newestFirst) {
                String text = period.text(snapshot.moment().atZone(zone));
                if (seen.size() < count && seen.add(text)) {
                    keep.accept(snapshot, period + " " + text);
                }
            }
        });
        if (within != null && !newestFirst.isEmpty()) {
            Instant newest = newestFirst.get(0).moment();
            newestFirst.stream()
                    .filter(snapshot ->
                            Duration.between(snapshot.moment(), newest).compareTo(within) <= 0)
                    .forEach(snapshot -> keep.accept(snapshot, "within " + within));
        }
    }

    private static boolean isComplete(Snapshot snapshot) {
        return snapshot.state() == SnapshotState.COMPLETE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Retention that
                && all == that.all
                && last == that.last
                && periods.equals(that.periods)
                && Objects.equals(within, that.within)
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return Objects.hash(all, last, periods, within, zone);
    }

    /** The rules, as "keep last 7, daily 30, in UTC". */
    @Override
    public String toString() {
        if (all) {
            return "keep everything";
        }
        List<String> rules = new ArrayList<>();
        if (last > 0) {
            rules.add("last " + last);
        }
        periods.forEach((period, count) -> rules.add(period + " " + count));
        if (within != null) {
            rules.add("within " + within);
        }
        rules.add("in " + (zone.equals(ZoneOffset.UTC) ? "UTC" : zone.toString()));
        return "keep " + String.join(", ", rules);
    }
}
