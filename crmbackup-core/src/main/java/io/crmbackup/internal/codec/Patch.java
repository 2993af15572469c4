package io.crmbackup.internal.codec;

/** Makes a chunk of another one and a patch; layout: package description. */
final class Patch {
    private Patch() {}

    /**
     * Writes a chunk's plain bytes.
     *
     * @param patch holds the patch from {@code from} to {@code to}
     * @throws MalformedEncodingException if it is no patch on this base that gives exactly so many bytes
     */
    static void apply(byte[] patch, int from, int to, byte[] base, byte[] plain, int plainLength)
            throws MalformedEncodingException {
        NumberCursor steps = new NumberCursor();
        steps.reset(patch, from, to);
        int made = 0;
        int passed = 0;
        while (made < plainLength) {
            int added = steps.skipped();
            if (added < 0 || added > plainLength - made) {
                throw malformed(made);
            }
            System.arraycopy(patch, steps.position() - added, plain, made, added);
            made += added;
            if (made < plainLength) {
                long left = steps.number();
                long shared = steps.number();
                if (left < 0
                        || left > base.length - passed
                        || shared < 1
                        || shared > Math.min(base.length - passed - left, plainLength - made)) {
                    throw malformed(made);
                }
                passed += (int) left;
                System.arraycopy(base, passed, plain, made, (int) shared);
                passed += (int) shared;
                made += (int) shared;
            }
        }
        if (steps.left() > 0) {
            throw new MalformedEncodingException("has bytes after the patch");
        }
    }

    private static MalformedEncodingException malformed(int made) {
        return new MalformedEncodingException("has a patch that doesn't fit its base after " + made + " bytes");
    }
}
