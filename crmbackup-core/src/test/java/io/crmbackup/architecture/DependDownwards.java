package io.crmbackup.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/**
 * The floors of {@code io.crmbackup.internal}, lowest first. A class may depend on its own package and on lower floors; packages that
 * share a floor may know each other only on the lowest one. A new package must be given its floor here.
 */
final class DependDownwards extends ArchCondition<JavaClass> {
    private static final String INTERNAL = "io.crmbackup.internal.";

    private static final List<Set<String>> FLOORS = List.of(
            Set.of("hash", "chunk", "codec", "crypto"),
            Set.of("object", "sort"),
            Set.of("pack"),
            Set.of("index"),
            Set.of("store"),
            Set.of("tree"),
            Set.of("record"),
            Set.of("manifest"),
            Set.of("log"),
            Set.of("operation"),
            Set.of("snapshot"),
            Set.of("capture", "diff", "reference"),
            Set.of("changes", "portable"),
            Set.of("backup", "copy", "prune", "restore", "verify"),
            Set.of("repository"));

    DependDownwards() {
        super("depend on lower floors only, the floors being " + FLOORS);
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        String home = room(type);
        if (floor(home) < 0) {
            events.add(SimpleConditionEvent.violated(
                    type, type.getName() + " is in package " + home + ", which has no floor in " + FLOORS));
            return;
        }
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
            JavaClass target = dependency.getTargetClass().getBaseComponentType();
            if (target.getPackageName().startsWith(INTERNAL) && !mayUse(home, room(target))) {
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
            }
        }
    }

    private static boolean mayUse(String home, String other) {
        if (home.equals(other)) {
            return true;
        }
        return floor(other) < floor(home) || (floor(home) == 0 && floor(other) == 0);
    }

    private static int floor(String room) {
        for (int i = 0; i < FLOORS.size(); i++) {
            if (FLOORS.get(i).contains(room)) {
                return i;
            }
        }
        return -1;
    }

    /** The first name below {@code internal}. */
    private static String room(JavaClass type) {
        String path = (type.getPackageName() + ".").substring(INTERNAL.length());
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }
}
