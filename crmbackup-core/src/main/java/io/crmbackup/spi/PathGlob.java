package io.crmbackup.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of paths below a root. Components are separated by {@code /}; {@code **} as a component stands for any number of components, also
 * none; within a component {@code *} stands for any characters and {@code ?} for one byte. Everything else stands for itself, in UTF-8 and
 * with its case. There are no braces, classes or escapes, so that matching takes time proportional to pattern times path at most. Immutable
 * and thread-safe.
 */
public final class PathGlob {
    private static final byte[] ANY_DEPTH = {'*', '*'};

    private final String pattern;
    private final List<byte[]> parts;

    private PathGlob(String pattern, List<byte[]> parts) {
        this.pattern = pattern;
        this.parts = parts;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is empty, absolute, or has an empty component, {@code .} or {@code ..}
     */
    public static PathGlob of(String pattern) {
        List<byte[]> parts = new ArrayList<>();
        for (String part : pattern.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException(
                        "a path pattern is relative, as \"invoices/**\", with no empty component, \".\" or"
                                + " \"..\"; not: \"" + pattern + "\"");
            }
            if (part.indexOf('\0') >= 0 || (part.contains("**") && !part.equals("**"))) {
                throw new IllegalArgumentException(
                        "in a path pattern \"**\" stands alone between slashes; not: \"" + pattern + "\"");
            }
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            boolean repeated = Arrays.equals(bytes, ANY_DEPTH)
                    && !parts.isEmpty()
                    && Arrays.equals(parts.get(parts.size() - 1), ANY_DEPTH);
            if (!repeated) {
                parts.add(bytes);
            }
        }
        return new PathGlob(pattern, List.copyOf(parts));
    }

    /** Whether a path's key, as {@link RecordKey#path} makes it, matches. */
    public boolean matches(RecordKey key) {
        return matches(components(key.bytes()));
    }

    /** Whether a path matches or lies below a directory that does. */
    public boolean matchesOrCovers(RecordKey key) {
        List<byte[]> path = components(key.bytes());
        for (int length = 1; length <= path.size(); length++) {
            if (matches(path.subList(0, length))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path of raw components matches. */
    public boolean matches(List<byte[]> path) {
        // reachable[i]: the components seen so far can be matched by the first i parts
        boolean[] reachable = new boolean[parts.size() + 1];
        reachable[0] = true;
        skipAnyDepth(reachable);
        for (byte[] component : path) {
            boolean[] next = new boolean[reachable.length];
            for (int i = 0; i < parts.size(); i++) {
                if (reachable[i]) {
                    if (Arrays.equals(parts.get(i), ANY_DEPTH)) {
                        next[i] = true;
                    } else if (matches(parts.get(i), component)) {
                        next[i + 1] = true;
                    }
                }
            }
            skipAnyDepth(next);
            reachable = next;
        }
        return reachable[parts.size()];
    }

    private void skipAnyDepth(boolean[] reachable) {
        for (int i = 0; i < parts.size(); i++) {
            if (reachable[i] && Arrays.equals(parts.get(i), ANY_DEPTH)) {
                reachable[i + 1] = true;
            }
        }
    }

    /** Greedy with one point of return: the last star seen. */
    private static boolean matches(byte[] part, byte[] name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int resume = 0;
        while (n < name.length) {
            if (p < part.length && part[p] == '*') {
                star = p++;
                resume = n;
            } else if (p < part.length && (part[p] == '?' || part[p] == name[n])) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++resume;
            } else {
                return false;
            }
        }
        while (p < part.length && part[p] == '*') {
            p++;
        }
        return p == part.length;
    }

    private static List<byte[]> components(byte[] key) {
        List<byte[]> components = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= key.length; i++) {
            if (i == key.length || key[i] == 0) {
                components.add(Arrays.copyOfRange(key, begin, i));
                begin = i + 1;
            }
        }
        return components;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathGlob that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    /** The pattern as it was given. */
    @Override
    public String toString() {
        return pattern;
    }
}
