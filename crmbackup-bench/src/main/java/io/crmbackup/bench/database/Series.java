package io.crmbackup.bench.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What one figure was in each of several runs. Not thread-safe. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    /** The middle one, or the mean of the two in the middle. */
    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median, with the least and the most of all. */
    @Override
    public String toString() {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median(), least, most);
    }
}
