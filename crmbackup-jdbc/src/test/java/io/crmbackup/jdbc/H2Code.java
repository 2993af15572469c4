package io.crmbackup.jdbc;

import java.sql.Connection;
import java.sql.Types;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.api.AggregateFunction;
import org.h2.api.Trigger;

/** Code that databases of tests refer to by its name. */
final class H2Code {
    private H2Code() {}

    /** What a backup must not be able to call. */
    public static final class Alarm {
        static final AtomicInteger RUNG = new AtomicInteger();

        private Alarm() {}

        /** As H2 calls it. */
        public static int ring() {
            return RUNG.incrementAndGet();
        }
    }

    /** For an aggregate. */
    public static final class Count implements AggregateFunction {
        private int count;

        /** As H2 makes one. */
        public Count() {}

        @Override
        public int getType(int[] types) {
            return Types.INTEGER;
        }

        @Override
        public void add(Object value) {
            count++;
        }

        @Override
        public Object getResult() {
            return count;
        }
    }

    /** For a trigger that must not run while rows are restored. */
    public static final class Increment implements Trigger {
        /** As H2 makes one. */
        public Increment() {}

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            after[1] = (Integer) after[1] + 1;
        }
    }
}
