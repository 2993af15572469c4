package io.crmbackup.internal.reference;

import com.google.common.base.Splitter;
import io.crmbackup.spi.RecordKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths as records hold them, and as keys. */
public final class FilePaths {
    private FilePaths() {}

    /** The key of a path below the root, or null if the text is no such path. Empty components and {@code .} are passed over. */
    public static @Nullable RecordKey key(String path) {
        List<byte[]> components = new ArrayList<>();
        for (String component : Splitter.on('/').split(path)) {
            if (component.equals("..") || component.indexOf('\0') >= 0) {
                return null;
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component.getBytes(StandardCharsets.UTF_8));
            }
        }
        return components.isEmpty() ? null : RecordKey.path(components);
    }
}
