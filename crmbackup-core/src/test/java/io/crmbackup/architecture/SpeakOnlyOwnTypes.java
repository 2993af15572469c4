package io.crmbackup.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What users compile against, super types and generic arguments included, must be theirs already: the JDK's types and ours. */
final class SpeakOnlyOwnTypes extends ArchCondition<JavaClass> {
    private static final List<String> SPOKEN = List.of("java.", "javax.crypto.", "javax.sql.", "io.crmbackup.");

    SpeakOnlyOwnTypes() {
        super("mention only types of the JDK and exported types of crmbackup in their signatures");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                .forEach(parent -> check(type.getName(), parent, events));
        type.getMembers().stream()
                .filter(SpeakOnlyOwnTypes::isVisible)
                .forEach(member ->
                        mentioned(member).forEach(mentioned -> check(member.getFullName(), mentioned, events)));
    }

    static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(SpeakOnlyOwnTypes::isVisible).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        return isVisible(member.getModifiers()) && !member.getModifiers().contains(JavaModifier.SYNTHETIC);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> mentioned(JavaMember member) {
        if (member instanceof JavaField field) {
            return field.getType().getAllInvolvedRawTypes().stream();
        }
        JavaCodeUnit unit = (JavaCodeUnit) member;
        Stream<JavaType> types = Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
        return Stream.concat(
                types.flatMap(mentioned -> mentioned.getAllInvolvedRawTypes().stream()),
                unit.getExceptionTypes().stream());
    }

    private static void check(String where, JavaClass mentioned, ConditionEvents events) {
        JavaClass type = mentioned.getBaseComponentType();
        String name = type.getName();
        boolean known = type.isPrimitive()
                || (SPOKEN.stream().anyMatch(name::startsWith) && !name.startsWith("io.crmbackup.internal."));
        if (!known) {
            events.add(SimpleConditionEvent.violated(type, where + " mentions " + name));
        }
    }
}
