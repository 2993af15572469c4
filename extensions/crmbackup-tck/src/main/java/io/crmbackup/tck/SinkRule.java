package io.crmbackup.tck;

import java.util.Locale;

/**
 * The rules of {@link io.crmbackup.spi.Sink}, each with the number that it has there and a check that can fail. {@link SinkTck} and {@link
 * SinkCheck} apply them. Rules with a number in common check sides of one promise.
 */
public enum SinkRule {
    /** While a put is under way, its object is not seen. */
    A_HALF_WRITTEN_OBJECT_IS_NOT_SEEN(1, SinkPutRules::aHalfWrittenObjectIsNotSeen),
    /** A put whose content breaks off leaves nothing, and the name free. */
    A_BROKEN_PUT_LEAVES_NOTHING(1, SinkPutRules::aBrokenPutLeavesNothing),
    /** What was put is there after a crash. */
    AN_OBJECT_SURVIVES_A_CRASH(2, Needs.STORE, SinkPutRules::anObjectSurvivesACrash),
    /** A taken name is refused, and its object kept. */
    PUT_OF_A_TAKEN_NAME_FAILS(3, SinkPutRules::putOfATakenNameFails),
    /** One of several puts of a name at the same time succeeds. */
    ONE_OF_RACING_PUTS_SUCCEEDS(3, SinkPutRules::oneOfRacingPutsSucceeds),
    /** So it is with puts of several clients. */
    ONE_OF_RACING_CLIENTS_SUCCEEDS(3, Needs.STORE, SinkPutRules::oneOfRacingClientsSucceeds),
    /** A content with fewer bytes than it says is refused. */
    A_CONTENT_THAT_IS_TOO_SHORT_FAILS(4, SinkPutRules::aContentThatIsTooShortFails),
    /** A content with more bytes than it says is refused. */
    A_CONTENT_THAT_IS_TOO_LONG_FAILS(4, SinkPutRules::aContentThatIsTooLongFails),
    /** No stream of a content stays open. */
    STREAMS_OF_CONTENTS_ARE_CLOSED(5, SinkPutRules::streamsOfContentsAreClosed),
    /** What was put can be read at once, whatever its length. */
    GET_RETURNS_WHAT_WAS_PUT(6, SinkReadRules::getReturnsWhatWasPut),
    /** Every lawful name works. */
    ALL_LAWFUL_NAMES_WORK(6, SinkReadRules::allLawfulNamesWork),
    /** Every client sees what one has put. */
    EVERY_CLIENT_SEES_WHAT_WAS_PUT(6, Needs.STORE, SinkReadRules::everyClientSeesWhatWasPut),
    /** A part of an object is read exactly. */
    GET_RETURNS_THE_RANGE(7, SinkReadRules::getReturnsTheRange),
    /** An object that is not there is said not to be there. */
    GET_OF_AN_ABSENT_OBJECT_FAILS(8, SinkReadRules::getOfAnAbsentObjectFails),
    /** A long object is read to its end. */
    A_LONG_READ_IS_WHOLE(9, SinkReadRules::aLongReadIsWhole),
    /** A read that is cut off by a delete fails rather than ends. */
    A_READ_CUT_BY_DELETE_FAILS_OR_IS_WHOLE(9, SinkReadRules::aReadCutByDeleteFailsOrIsWhole),
    /** A read that is cut off by close fails rather than ends. */
    A_READ_CUT_BY_CLOSE_FAILS_OR_IS_WHOLE(9, Needs.STORE, SinkReadRules::aReadCutByCloseFailsOrIsWhole),
    /** More objects than a page of a listing holds are all visited. */
    LIST_VISITS_EACH_OBJECT_ONCE(10, SinkReadRules::listVisitsEachObjectOnce),
    /** The empty prefix means all objects. */
    LIST_OF_THE_EMPTY_PREFIX_VISITS_ALL(10, SinkReadRules::listOfTheEmptyPrefixVisitsAll),
    /** What is not whole is not listed. */
    LIST_SHOWS_ONLY_WHOLE_OBJECTS(11, SinkReadRules::listShowsOnlyWholeObjects),
    /** A deleted object is gone, and deleting it again succeeds. */
    DELETE_IS_IDEMPOTENT(12, SinkLifeRules::deleteIsIdempotent),
    /** A delete takes the object of that name and no other. */
    DELETE_TAKES_ONE_OBJECT(12, SinkLifeRules::deleteTakesOneObject),
    /** Many threads can use a sink. */
    ALL_METHODS_RUN_AT_ONCE(13, SinkLifeRules::allMethodsRunAtOnce),
    /** An interrupted put ends with an error. */
    AN_INTERRUPTED_PUT_STOPS(14, SinkLifeRules::anInterruptedPutStops),
    /** Closing twice is no error. */
    CLOSE_IS_IDEMPOTENT(15, Needs.STORE, SinkLifeRules::closeIsIdempotent),
    /** A closed sink says so. */
    A_CLOSED_SINK_FAILS(15, Needs.STORE, SinkLifeRules::aClosedSinkFails);

    private final int number;
    private final Needs needs;

    @SuppressWarnings("ImmutableEnumChecker") // a method without state
    private final Check check;

    SinkRule(int number, Check check) {
        this(number, Needs.ONE_CLIENT, check);
    }

    SinkRule(int number, Needs needs, Check check) {
        this.number = number;
        this.needs = needs;
        this.check = check;
    }

    /** How much a rule asks of those who break it. */
    public enum Strength {
        /** The library is not safe on a sink that breaks it. */
        MUST,
        /** The library is slower or less polite on a sink that breaks it. */
        SHOULD
    }

    /** What a check needs. */
    enum Needs {
        ONE_CLIENT,
        STORE
    }

    @FunctionalInterface
    private interface Check {
        void run(SinkScratch scratch) throws Exception;
    }

    /** The rule's number in the Javadoc of {@link io.crmbackup.spi.Sink}. */
    public int number() {
        return number;
    }

    /** Whether it is a MUST or a SHOULD. */
    public Strength strength() {
        return number == 10 || number == 14 ? Strength.SHOULD : Strength.MUST;
    }

    /** Strength, number and what is to be seen, as {@code must03_putOfATakenNameFails}. */
    public String title() {
        StringBuilder title = new StringBuilder(strength().name().toLowerCase(Locale.ROOT))
                .append(String.format(Locale.ROOT, "%02d_", number));
        String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
        title.append(words[0]);
        for (int i = 1; i < words.length; i++) {
            title.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
        }
        return title.toString();
    }

    Needs needs() {
        return needs;
    }

    /** Applies the rule: an error of any kind means that it is broken. */
    void check(SinkScratch scratch) throws Exception {
        check.run(scratch);
    }

    /** Applies the rule to a store and cleans up. */
    void check(SinkStore store) throws Exception {
        try (SinkScratch scratch = SinkScratch.on(store)) {
            check(scratch);
        }
    }
}
