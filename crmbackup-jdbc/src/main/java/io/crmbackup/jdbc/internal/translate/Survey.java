package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the values of some columns are, where their types don't tell: SQLite's hold what they are given, numbers without a size are as long as they
 * are, and what becomes part of a key has to have a length in some products. Reads all records of a collection once, without long contents.
 */
final class Survey {
    /** Up to here a double holds every whole number. */
    private static final BigDecimal MOST_OF_DOUBLE = BigDecimal.valueOf(1L << 53);

    private final Map<String, Found> found = new HashMap<>();
    private final Origin origin;

    private Survey(Origin origin) {
        this.origin = origin;
    }

    /** What one column holds. */
    static final class Found {
        private final Field field;
        private final Reading declared;
        private boolean fits = true;
        private boolean whole = true;
        private boolean numbers = true;
        private boolean finite = true;
        private boolean beyondDouble;
        private boolean text = true;
        private boolean bytes = true;
        private boolean any;
        private boolean endsWithSpaces;
        private boolean before2038 = true;
        private BigInteger most = BigInteger.ZERO;
        private int integerDigits;
        private int scale;
        private int longest;

        Found(Field field, Origin origin) {
            this.field = field;
            this.declared = Reading.of(field, NeutralType.of(field, origin.product()), origin);
        }

        private void add(FieldValue value) throws IOException {
            any = true;
            if (value.isContent()) {
                byte[] beginning = new byte[1];
                if (field.type() == FieldType.DYNAMIC) {
                    try (var in = value.open()) {
                        addLetter(in.readNBytes(beginning, 0, 1) < 1 ? 0 : beginning[0]);
                    }
                }
                fits &= declared.takesContent(value);
                longest = Integer.MAX_VALUE;
                return;
            }
            byte[] own = value.bytes();
            if (field.type() == FieldType.DYNAMIC) {
                addLetter(own.length == 0 ? 0 : own[0]);
                addNumber(own);
            }
            endsWithSpaces |= own.length > 0 && own[own.length - 1] == ' ';
            byte[] neutral = declared.read(own);
            if (neutral == null) {
                fits = false;
                longest = Math.max(longest, own.length);
                return;
            }
            Kind kind = declared.type().kind();
            longest = Math.max(longest, kind == Kind.BYTES ? neutral.length : Texts.characters(neutral));
            if (kind == Kind.DECIMAL) {
                BigDecimal number = Texts.decimal(neutral);
                if (number == null) {
                    fits = false;
                } else {
                    measure(number);
                }
            } else if (kind == Kind.INTEGER) {
                BigInteger number = Texts.integer(neutral);
                most = number == null ? most : most.max(number);
            } else if (kind == Kind.INSTANT) {
                before2038 &= Texts.isBetween1970And2038(neutral);
            }
        }

        private void addLetter(byte letter) {
            whole &= letter == 'i';
            numbers &= letter == 'i' || letter == 'r';
            text &= letter == 't';
            bytes &= letter == 'b';
        }

        private void addNumber(byte[] value) {
            if (value.length == 0 || value[0] != 'i' && value[0] != 'r') {
                return;
            }
            BigDecimal number = Texts.decimal(Arrays.copyOfRange(value, 1, value.length));
            if (number == null) {
                finite = false;
            } else {
                beyondDouble |= value[0] == 'i' && number.abs().compareTo(MOST_OF_DOUBLE) > 0;
                measure(number);
            }
        }

        private void measure(BigDecimal number) {
            scale = Math.max(scale, Math.max(0, number.stripTrailingZeros().scale()));
            integerDigits = Math.max(integerDigits, number.precision() - number.scale());
        }

        /** Whether a floating-point number would lose digits of whole numbers that are among others. */
        boolean isBeyondDouble() {
            return field.type() == FieldType.DYNAMIC && any && !fits && numbers && !whole && beyondDouble;
        }

        private NeutralType decimal() {
            return new NeutralType(Kind.DECIMAL, Math.max(1, integerDigits + scale), scale);
        }

        /** The type that holds all values. */
        NeutralType type() {
            NeutralType type = declared.type();
            if (isBeyondDouble()) {
                return finite ? decimal() : NeutralType.of(Kind.TEXT);
            }
            if (field.type() == FieldType.DYNAMIC && any && !fits) {
                return whole
                        ? NeutralType.of(Kind.INTEGER, 64)
                        : numbers
                                ? NeutralType.of(Kind.FLOAT, 64)
                                : bytes ? NeutralType.of(Kind.BYTES) : NeutralType.of(Kind.TEXT);
            }
            return type.kind() == Kind.FIXED_TEXT
                    ? fixed(type)
                    : type.kind() == Kind.DECIMAL && !type.isBounded() && fits ? decimal() : type;
        }

        /** As long as its longest value, where lengths are only declared. */
        private NeutralType fixed(NeutralType type) {
            return keepsSpaces() || longest == Integer.MAX_VALUE
                    ? NeutralType.of(Kind.TEXT)
                    : NeutralType.of(Kind.FIXED_TEXT, Math.max(1, Math.max(type.size(), longest)));
        }

        /** Whether text of fixed length has spaces at its end that are its own: SQLite neither adds nor removes any. */
        boolean keepsSpaces() {
            return field.type() == FieldType.DYNAMIC && declared.type().kind() == Kind.FIXED_TEXT && endsWithSpaces;
        }

        /** Whether values are what the column was declared as, in an encoding that portable digests know. */
        boolean isAsDeclared() {
            return field.type() != FieldType.DYNAMIC
                    || fits && declared.charset().equals(StandardCharsets.UTF_8);
        }

        /** Whether values are of several types, so that some become others. */
        boolean isMixed() {
            return field.type() == FieldType.DYNAMIC && any && !fits && !numbers && !text && !bytes;
        }

        /** The most characters or bytes of a value. */
        int longest() {
            return longest;
        }

        /** The largest whole number; 0 if there is none. */
        BigInteger most() {
            return most;
        }

        boolean isBefore2038() {
            return before2038;
        }
    }

    /** Looks at some columns of a collection. */
    static Survey of(RestoredCollection collection, Set<String> columns, Origin origin) throws IOException {
        Survey survey = new Survey(origin);
        List<Field> fields = collection.schema().fields();
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (columns.contains(fields.get(i).name())) {
                indexes.add(i);
                survey.found.put(fields.get(i).name(), new Found(fields.get(i), origin));
            }
        }
        if (indexes.isEmpty()) {
            return survey;
        }
        try (RecordCursor cursor = collection.open()) {
            while (cursor.next()) {
                List<FieldValue> values = cursor.values();
                for (int index : indexes) {
                    Found column = survey.found.get(fields.get(index).name());
                    if (!values.get(index).isNull() && column != null) {
                        column.add(values.get(index));
                    }
                }
            }
        }
        return survey;
    }

    /** What was found in a column; of one that was not looked at, nothing. */
    Found column(Field field) {
        return found.computeIfAbsent(field.name(), name -> new Found(field, origin));
    }

    boolean covers(Field field) {
        return found.containsKey(field.name());
    }
}
