package io.crmbackup.internal.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IdSetTest {
    @Test
    void behavesAsATreeSetDoes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TreeSet<ObjectId> a = drawn(random);
            TreeSet<ObjectId> b = drawn(random);
            IdSet x = IdSet.of(a);
            IdSet y = IdSet.of(new ArrayList<>(b).toArray(new ObjectId[0]));
            TreeSet<ObjectId> union = new TreeSet<>(a);
            union.addAll(b);
            TreeSet<ObjectId> minus = new TreeSet<>(a);
            minus.removeAll(b);
            TreeSet<ObjectId> both = new TreeSet<>(a);
            both.retainAll(b);
            String seeded = "seed " + seed;
            assertThat(x).as(seeded).containsExactlyElementsOf(a).hasSize(x.size());
            assertThat(x.union(y)).as(seeded).containsExactlyElementsOf(union).isEqualTo(IdSet.of(union));
            assertThat(x.minus(y)).as(seeded).containsExactlyElementsOf(minus);
            assertThat(x.intersect(y)).as(seeded).containsExactlyElementsOf(both);
            assertThat(x.containsAll(y)).as(seeded).isEqualTo(a.containsAll(b));
            for (ObjectId id : union) {
                assertThat(x.contains(id)).as(seeded).isEqualTo(a.contains(id));
            }
        }
    }

    @Test
    void ordersUnsigned() {
        ObjectId small = new ObjectId(1, -1);
        ObjectId large = new ObjectId(-1, 0);
        assertThat(IdSet.of(List.of(large, small, large))).containsExactly(small, large);
        assertThat(small.toString()).isEqualTo("0000000000000001ffffffffffffffff");
        assertThat(ObjectId.parse(large.toString())).isEqualTo(large);
        assertThat(ObjectId.at(large.toBytes(), 0)).isEqualTo(large);
    }

    @Test
    void namesAreReadBack() {
        ObjectId id = ObjectId.parse("0123456789abcdef0123456789abcdef");
        assertThat(ObjectRole.PACK.name(id)).isEqualTo("packs/01/0123456789abcdef0123456789abcdef");
        for (ObjectRole role : ObjectRole.values()) {
            assertThat(role.id(role.name(id))).contains(id);
            assertThat(role.number(role.name(42))).hasValue(42);
        }
        assertThat(ObjectRole.LOG.name(42)).isEqualTo("log/000000000042");
        for (String wrong :
                List.of("", "log/", "log/42", "log/0000000000421", "log/00000000004a", "snap/000000000042")) {
            assertThat(ObjectRole.LOG.number(wrong)).isEmpty();
        }
        for (String wrong : List.of(
                "packs/02/" + id, "packs/" + id, "packs/01/" + id.toString().toUpperCase(java.util.Locale.ROOT))) {
            assertThat(ObjectRole.PACK.id(wrong)).isEmpty();
        }
    }

    private static TreeSet<ObjectId> drawn(Random random) {
        TreeSet<ObjectId> ids = new TreeSet<>();
        for (int i = random.nextInt(12); i > 0; i--) {
            ids.add(new ObjectId(random.nextInt(3) - 1, random.nextInt(5) - 2));
        }
        return ids;
    }
}
