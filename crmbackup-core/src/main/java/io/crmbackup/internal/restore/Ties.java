package io.crmbackup.internal.restore;

import io.crmbackup.spi.Reference;
import java.util.List;
import java.util.Map;

/**
 * What binds the records of a collection to others, and those of its source to each other.
 *
 * @param references what the collection's records refer to
 * @param sourceReferences all references of the source, by the collection of the records that refer
 */
record Ties(List<Reference> references, Map<String, List<Reference>> sourceReferences) {
    Ties {
        references = List.copyOf(references);
        sourceReferences = Map.copyOf(sourceReferences);
    }
}
