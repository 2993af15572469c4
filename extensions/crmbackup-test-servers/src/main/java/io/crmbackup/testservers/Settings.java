package io.crmbackup.testservers;

import java.util.Locale;
import java.util.Optional;

/** What a machine tells the tests: system properties, or environment variables for those who set them once. */
final class Settings {
    private Settings() {}

    static Optional<String> value(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(System.getenv(variable(property))))
                .filter(value -> !value.isBlank());
    }

    /** How to set one, for messages. */
    static String hint(String property, String value) {
        return "-D" + property + " or " + variable(property) + ": " + value;
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }
}
