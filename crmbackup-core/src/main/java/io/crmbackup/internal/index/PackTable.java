package io.crmbackup.internal.index;

import io.crmbackup.internal.object.ObjectId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Numbers packs. About 120 bytes of heap a pack, which is 16 to 128 MiB. Guarded by the index's lock. */
final class PackTable {
    private final Map<ObjectId, Integer> numbers = new HashMap<>();
    private final List<ObjectId> packs = new ArrayList<>();

    int number(ObjectId pack) {
        Integer number = numbers.putIfAbsent(pack, packs.size());
        if (number != null) {
            return number;
        }
        packs.add(pack);
        return packs.size() - 1;
    }

    ObjectId pack(int number) {
        return packs.get(number);
    }
}
