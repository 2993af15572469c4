package io.crmbackup.internal.pack;

/**
 * Whether chunks of about some length are worth a dictionary, by what was found of the last ones: to encode each chunk both with and without it
 * takes twice the time, and what pays for one chunk of a collection mostly pays for the next of its length. Both ways are compared for the first
 * few chunks of a length, and for one of so many after that, so that a change of the contents is noticed. Not thread-safe.
 */
final class DictionaryHabit {
    private static final int COMPARED_FIRST = 8;
    private static final int COMPARED_AGAIN = 16;

    /** How much one-sided experience is kept: so many comparisons with the other result change the habit. */
    private static final int FIRMEST = 4;

    private final int[] chunks = new int[Integer.SIZE];
    private final int[] balance = new int[Integer.SIZE];

    /** Whether to compare both ways for the next chunk of about this length. */
    boolean compares(int length) {
        int number = chunks[lengthClass(length)]++;
        return number < COMPARED_FIRST || number % COMPARED_AGAIN == 0;
    }

    /** Whether the dictionary has been the better way. */
    boolean isForDictionary(int length) {
        return balance[lengthClass(length)] > 0;
    }

    /** Both ways were compared. */
    void compared(int length, boolean dictionaryWon) {
        int at = lengthClass(length);
        int next = balance[at] + (dictionaryWon ? 1 : -1);
        balance[at] = Math.max(-FIRMEST, Math.min(FIRMEST, next));
    }

    private static int lengthClass(int length) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length | 1);
    }
}
