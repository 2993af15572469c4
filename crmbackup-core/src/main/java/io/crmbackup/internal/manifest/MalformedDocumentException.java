package io.crmbackup.internal.manifest;

import org.jspecify.annotations.Nullable;

/** A manifest, schema or attribute document is not what it should be. */
final class MalformedDocumentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedDocumentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
