package io.crmbackup.internal.portable;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;

/** Text of fixed length, of which spaces at the end are no part: some systems give them, some don't. */
final class PaddedForm implements FieldForm {
    private static final byte[] SPACE = {' '};

    @Override
    public boolean write(FieldValue value, RecordHash out) throws IOException {
        out.kind(Kind.TEXT);
        if (!value.isContent()) {
            byte[] bytes = value.bytes();
            out.write(bytes, 0, lengthWithoutSpaces(bytes, bytes.length));
            return true;
        }
        byte[] buffer = new byte[1 << 14];
        long spaces = 0;
        try (InputStream in = value.open()) {
            int length;
            while ((length = in.read(buffer)) >= 0) {
                int kept = lengthWithoutSpaces(buffer, length);
                for (; kept > 0 && spaces > 0; spaces--) {
                    out.write(SPACE, 0, 1);
                }
                out.write(buffer, 0, kept);
                spaces += length - kept;
            }
        }
        return true;
    }

    private static int lengthWithoutSpaces(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] == ' ') {
            end--;
        }
        return end;
    }
}
