package io.crmbackup.tck;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    @Test
    void testsAndCodeKnowTheApiAndTheSpiOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.crmbackup.internal..")
                .allowEmptyShould(true)
                .check(new ClassFileImporter().importPackages("io.crmbackup.tck"));
    }
}
