package io.crmbackup.internal.portable;

/** What a portable value is; part of its digest, so that the number 5 and the text "5" differ. */
enum Kind {
    NUMBER('n'),
    TEXT('t'),
    BYTES('b'),
    /** A value without portable form, as the system itself renders it. */
    NATIVE('?');

    private final byte letter;

    Kind(char letter) {
        this.letter = (byte) letter;
    }

    byte letter() {
        return letter;
    }
}
