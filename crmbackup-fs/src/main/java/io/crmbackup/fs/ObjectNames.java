package io.crmbackup.fs;

/** The names that a sink's objects may have; whatever passes can't leave the directory. */
final class ObjectNames {
    private static final int LONGEST = 120;

    private ObjectNames() {}

    static String checkName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not an object name: \"" + name
                    + "\"; names are up to 120 lower-case letters, digits and single slashes between them");
        }
        return name;
    }

    static String checkPrefix(String prefix) {
        if (!prefix.isEmpty() && !(prefix.endsWith("/") && isName(prefix.substring(0, prefix.length() - 1)))) {
            throw new IllegalArgumentException(
                    "not a prefix of object names: \"" + prefix + "\"; it is empty, or a name followed by a slash");
        }
        return prefix;
    }

    static boolean isName(String name) {
        if (name.length() > LONGEST) {
            return false;
        }
        char before = '/';
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!plain && (c != '/' || before == '/')) {
                return false;
            }
            before = c;
        }
        return before != '/';
    }
}
