package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Tests that a sink keeps the rules of {@link Sink}, by their numbers. Extend it and say how a client of the store under test is opened:
 * <pre>{@code
 * class MySinkTest extends SinkTck {
 *     @Override
 *     protected Sink open() throws IOException {
 *         return new MySink(...);
 *     }
 * }
 * }</pre>
 */
public abstract class SinkTck {
    /** For subclasses. */
    protected SinkTck() {}

    /** Opens a client of the store; called several times in a test, always for the same store. The test closes it. */
    protected abstract Sink open() throws IOException;

    /**
     * Takes from the store what a crash of the machine would take, where a test can bring that about; takes nothing unless overridden.
     * Clients that are open then are only closed.
     */
    protected void crash() throws IOException {}

    private void check(SinkRule rule) throws Exception {
        rule.check(new SinkStore() {
            @Override
            public Sink open() throws IOException {
                return SinkTck.this.open();
            }

            @Override
            public void crash() throws IOException {
                SinkTck.this.crash();
            }
        });
    }

    @Test
    void must01_aHalfWrittenObjectIsNotSeen() throws Exception {
        check(SinkRule.A_HALF_WRITTEN_OBJECT_IS_NOT_SEEN);
    }

    @Test
    void must01_aBrokenPutLeavesNothing() throws Exception {
        check(SinkRule.A_BROKEN_PUT_LEAVES_NOTHING);
    }

    @Test
    void must02_anObjectSurvivesACrash() throws Exception {
        check(SinkRule.AN_OBJECT_SURVIVES_A_CRASH);
    }

    @Test
    void must03_putOfATakenNameFails() throws Exception {
        check(SinkRule.PUT_OF_A_TAKEN_NAME_FAILS);
    }

    @Test
    void must03_oneOfRacingPutsSucceeds() throws Exception {
        check(SinkRule.ONE_OF_RACING_PUTS_SUCCEEDS);
    }

    @Test
    void must03_oneOfRacingClientsSucceeds() throws Exception {
        check(SinkRule.ONE_OF_RACING_CLIENTS_SUCCEEDS);
    }

    @Test
    void must04_aContentThatIsTooShortFails() throws Exception {
        check(SinkRule.A_CONTENT_THAT_IS_TOO_SHORT_FAILS);
    }

    @Test
    void must04_aContentThatIsTooLongFails() throws Exception {
        check(SinkRule.A_CONTENT_THAT_IS_TOO_LONG_FAILS);
    }

    @Test
    void must05_streamsOfContentsAreClosed() throws Exception {
        check(SinkRule.STREAMS_OF_CONTENTS_ARE_CLOSED);
    }

    @Test
    void must06_getReturnsWhatWasPut() throws Exception {
        check(SinkRule.GET_RETURNS_WHAT_WAS_PUT);
    }

    @Test
    void must06_allLawfulNamesWork() throws Exception {
        check(SinkRule.ALL_LAWFUL_NAMES_WORK);
    }

    @Test
    void must06_everyClientSeesWhatWasPut() throws Exception {
        check(SinkRule.EVERY_CLIENT_SEES_WHAT_WAS_PUT);
    }

    @Test
    void must07_getReturnsTheRange() throws Exception {
        check(SinkRule.GET_RETURNS_THE_RANGE);
    }

    @Test
    void must08_getOfAnAbsentObjectFails() throws Exception {
        check(SinkRule.GET_OF_AN_ABSENT_OBJECT_FAILS);
    }

    @Test
    void must09_aLongReadIsWhole() throws Exception {
        check(SinkRule.A_LONG_READ_IS_WHOLE);
    }

    @Test
    void must09_aReadCutByDeleteFailsOrIsWhole() throws Exception {
        check(SinkRule.A_READ_CUT_BY_DELETE_FAILS_OR_IS_WHOLE);
    }

    @Test
    void must09_aReadCutByCloseFailsOrIsWhole() throws Exception {
        check(SinkRule.A_READ_CUT_BY_CLOSE_FAILS_OR_IS_WHOLE);
    }

    @Test
    void should10_listVisitsEachObjectOnce() throws Exception {
        check(SinkRule.LIST_VISITS_EACH_OBJECT_ONCE);
    }

    @Test
    void should10_listOfTheEmptyPrefixVisitsAll() throws Exception {
        check(SinkRule.LIST_OF_THE_EMPTY_PREFIX_VISITS_ALL);
    }

    @Test
    void must11_listShowsOnlyWholeObjects() throws Exception {
        check(SinkRule.LIST_SHOWS_ONLY_WHOLE_OBJECTS);
    }

    @Test
    void must12_deleteIsIdempotent() throws Exception {
        check(SinkRule.DELETE_IS_IDEMPOTENT);
    }

    @Test
    void must12_deleteTakesOneObject() throws Exception {
        check(SinkRule.DELETE_TAKES_ONE_OBJECT);
    }

    @Test
    void must13_allMethodsRunAtOnce() throws Exception {
        check(SinkRule.ALL_METHODS_RUN_AT_ONCE);
    }

    @Test
    void should14_anInterruptedPutStops() throws Exception {
        check(SinkRule.AN_INTERRUPTED_PUT_STOPS);
    }

    @Test
    void must15_closeIsIdempotent() throws Exception {
        check(SinkRule.CLOSE_IS_IDEMPOTENT);
    }

    @Test
    void must15_aClosedSinkFails() throws Exception {
        check(SinkRule.A_CLOSED_SINK_FAILS);
    }
}
