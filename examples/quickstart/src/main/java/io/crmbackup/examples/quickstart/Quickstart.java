package io.crmbackup.examples.quickstart;

/** Backs up a small CRM, loses some of it and restores it. */
public final class Quickstart {
    private Quickstart() {}

    public static void main(String[] args) {
        System.out.println("crmbackup quickstart " + String.join(" ", args));
    }
}
