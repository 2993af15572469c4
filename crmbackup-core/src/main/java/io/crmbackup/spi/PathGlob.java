package io.crmbackup.spi;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pattern for keys that are paths ({@link RecordKey#path}). Immutable and thread-safe.
 *
 * <p>A pattern is a path relative to the collection's root, with {@code /} between its components, and describes whole paths: {@code *.tmp}
 * means files directly below the root, {@code **}{@code /*.tmp} those in all directories. In it
 * <ul>
 *   <li>{@code *} stands for any characters within a component, or none;
 *   <li>{@code ?} stands for one character within a component;
 *   <li>{@code **}, as a component of its own, stands for any number of components, also none: {@code invoices/**} is {@code invoices} and
 *       all that lies below it;
 *   <li><code>{jpg,png}</code> stands for one of the alternatives, which may contain {@code *} and {@code ?} but no {@code /} and no
 *       further braces;
 *   <li>{@code \} takes the special meaning from the next character;
 *   <li>everything else stands for itself, brackets too. Upper and lower case differ.
 * </ul>
 * Matching takes time proportional to the lengths of pattern and path, whatever they are. Names that are not UTF-8 are matched as bytes; a
 * byte that belongs to no character is matched by {@code *} only.
 */
public final class PathGlob {
    private static final int LONGEST = 1000;

    private static final int MATCHES = 1;
    private static final int COVERS = 2;
    private static final int REACHES = 4;

    private final String pattern;
    private final Program program;

    private PathGlob(String pattern, Program program) {
        this.pattern = pattern;
        this.program = program;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException if it is none; the message says where and why
     */
    public static PathGlob of(String pattern) {
        return new PathGlob(pattern, new Compiler(pattern).compile());
    }

    /** Whether the pattern describes this path. */
    public boolean matches(RecordKey path) {
        return (program.run(path.bytes()) & MATCHES) != 0;
    }

    /** Whether the pattern describes this path or a directory above it. */
    public boolean matchesOrCovers(RecordKey path) {
        return (program.run(path.bytes()) & (MATCHES | COVERS)) != 0;
    }

    /** Whether the pattern might describe a path below this directory; if not, there is no need to look there. */
    public boolean reachesBelow(RecordKey directory) {
        return (program.run(directory.bytes()) & REACHES) != 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathGlob that && pattern.equals(that.pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    /** The pattern. */
    @Override
    public String toString() {
        return pattern;
    }

    /** What an instruction does; one that reads goes on to the next instruction if it accepts the byte. */
    private enum Op {
        READ_BYTE,
        READ_IN_COMPONENT,
        READ_CHARACTER_START,
        READ_CHARACTER_REST,
        READ_ANY,
        /** Goes on at the next instruction and at {@code argument}. */
        FORK,
        /** Goes on at {@code argument}. */
        JUMP,
        END
    }

    /**
     * A nondeterministic automaton that follows all of its ways at once (K. Thompson, "Regular Expression Search Algorithm", CACM 11(6),
     * 1968), so that no pattern makes it try again.
     */
    private record Program(Op[] ops, int[] arguments) {
        int run(byte[] key) {
            States now = new States(ops.length);
            States next = new States(ops.length);
            follow(now, 0);
            int result = 0;
            for (byte b : key) {
                if (b == 0 && now.contains(ops.length - 1)) {
                    result |= COVERS;
                }
                step(now, next, b);
                States swap = now;
                now = next;
                next = swap;
                if (now.count == 0) {
                    return result;
                }
            }
            if (now.contains(ops.length - 1)) {
                result |= MATCHES;
            }
            step(now, next, (byte) 0);
            return next.count > 0 ? result | REACHES : result;
        }

        private void step(States from, States to, byte b) {
            to.clear();
            for (int i = 0; i < from.count; i++) {
                int at = from.list[i];
                if (reads(at, b)) {
                    follow(to, at + 1);
                }
            }
        }

        private boolean reads(int at, byte b) {
            return switch (ops[at]) {
                case READ_BYTE -> b == (byte) arguments[at];
                case READ_IN_COMPONENT -> b != 0;
                case READ_CHARACTER_START -> b != 0 && (b & 0xc0) != 0x80;
                case READ_CHARACTER_REST -> (b & 0xc0) == 0x80;
                case READ_ANY -> true;
                default -> false;
            };
        }

        /** Adds an instruction and those that follow from it without reading; the list itself is the queue. */
        private void follow(States states, int start) {
            int from = states.count;
            states.add(start);
            for (int i = from; i < states.count; i++) {
                int at = states.list[i];
                if (ops[at] == Op.JUMP) {
                    states.add(arguments[at]);
                } else if (ops[at] == Op.FORK) {
                    states.add(at + 1);
                    states.add(arguments[at]);
                }
            }
        }
    }

    /** A set of instructions. */
    private static final class States {
        private final int[] list;
        private final boolean[] present;
        private int count;

        States(int size) {
            list = new int[size];
            present = new boolean[size];
        }

        void add(int at) {
            if (!present[at]) {
                present[at] = true;
                list[count++] = at;
            }
        }

        boolean contains(int at) {
            return present[at];
        }

        void clear() {
            for (int i = 0; i < count; i++) {
                present[list[i]] = false;
            }
            count = 0;
        }
    }

    private static final class Compiler {
        private final String pattern;
        private final List<Op> ops = new ArrayList<>();
        private final List<Integer> arguments = new ArrayList<>();

        Compiler(String pattern) {
            this.pattern = Objects.requireNonNull(pattern, "pattern");
        }

        Program compile() {
            if (pattern.length() > LONGEST) {
                throw wrong("it is longer than " + LONGEST + " characters");
            }
            List<String> components = components();
            int last = components.size() - 1;
            for (int i = 0; i <= last; i++) {
                if (!isAnyComponents(components, i)) {
                    component(components.get(i));
                    if (i < last && !(i + 1 == last && isAnyComponents(components, last))) {
                        emit(Op.READ_BYTE, 0);
                    }
                } else if (i < last) {
                    anyComponentsBefore();
                } else if (i == 0) {
                    repeat(Op.READ_ANY);
                } else {
                    anyComponentsBelow();
                }
            }
            emit(Op.END, 0);
            return new Program(
                    ops.toArray(new Op[0]),
                    arguments.stream().mapToInt(Integer::intValue).toArray());
        }

        /** Without the repetitions of {@code **}, which say no more than one. */
        private List<String> components() {
            List<String> components = new ArrayList<>();
            for (String component : pattern.split("/", -1)) {
                components.add(component);
                int last = components.size() - 1;
                if (last > 0 && isAnyComponents(components, last) && isAnyComponents(components, last - 1)) {
                    components.remove(last);
                }
            }
            return components;
        }

        private static boolean isAnyComponents(List<String> components, int index) {
            return components.get(index).equals("**");
        }

        /** {@code **} with a slash after it. */
        private void anyComponentsBefore() {
            int fork = emit(Op.FORK, 0);
            repeat(Op.READ_ANY);
            emit(Op.READ_BYTE, 0);
            arguments.set(fork, ops.size());
        }

        /** {@code **} with a slash before it. */
        private void anyComponentsBelow() {
            int fork = emit(Op.FORK, 0);
            emit(Op.READ_BYTE, 0);
            repeat(Op.READ_ANY);
            arguments.set(fork, ops.size());
        }

        private void component(String text) {
            if (text.isEmpty()) {
                throw wrong("it has an empty component; it is relative to the root, without / at its beginning or end");
            }
            if (text.equals(".") || text.equals("..")) {
                throw wrong("it has a component " + text);
            }
            if (text.contains("**")) {
                throw wrong("** must be a component of its own");
            }
            int fork = -1;
            List<Integer> ends = new ArrayList<>();
            boolean inBraces = false;
            for (int at = 0; at < text.length(); ) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                if (c == '\\') {
                    if (at == text.length()) {
                        throw wrong("nothing follows its \\");
                    }
                    c = text.codePointAt(at);
                    at += Character.charCount(c);
                    literal(c);
                } else if (c == '*') {
                    repeat(Op.READ_IN_COMPONENT);
                } else if (c == '?') {
                    emit(Op.READ_CHARACTER_START, 0);
                    repeat(Op.READ_CHARACTER_REST);
                } else if (c == '{') {
                    if (inBraces) {
                        throw wrong("it has { within {}");
                    }
                    inBraces = true;
                    fork = emit(Op.FORK, 0);
                } else if (c == ',' && inBraces) {
                    ends.add(emit(Op.JUMP, 0));
                    arguments.set(fork, ops.size());
                    fork = emit(Op.FORK, 0);
                } else if (c == '}') {
                    if (!inBraces) {
                        throw wrong("it has } without {");
                    }
                    inBraces = false;
                    // The last alternative has no other beside it: its fork leads to itself.
                    arguments.set(fork, fork + 1);
                    ends.forEach(end -> arguments.set(end, ops.size()));
                    ends.clear();
                } else {
                    literal(c);
                }
            }
            if (inBraces) {
                throw wrong("it has { without } in the same component");
            }
        }

        private void literal(int character) {
            if (character == 0) {
                throw wrong("it contains the character 0");
            }
            for (byte b : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
                emit(Op.READ_BYTE, b);
            }
        }

        private void repeat(Op op) {
            int fork = emit(Op.FORK, 0);
            emit(op, 0);
            emit(Op.JUMP, fork);
            arguments.set(fork, ops.size());
        }

        private int emit(Op op, int argument) {
            ops.add(op);
            arguments.add(argument);
            return ops.size() - 1;
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException("not a path pattern: \"" + pattern + "\": " + why);
        }
    }
}
