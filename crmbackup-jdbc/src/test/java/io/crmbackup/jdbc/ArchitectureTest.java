package io.crmbackup.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    @Test
    void testsAndCodeKnowTheApiAndTheSpiOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.crmbackup.internal..")
                .allowEmptyShould(true)
                .check(new ClassFileImporter().importPackages("io.crmbackup.jdbc"));
    }

    @Test
    void packagesDependDownwards() {
        JavaClasses code = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.crmbackup.jdbc");
        String internal = "io.crmbackup.jdbc.internal.";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("api")
                .definedBy("io.crmbackup.jdbc")
                .layer("capture")
                .definedBy(internal + "capture..")
                .layer("restores")
                .definedBy(internal + "load..", internal + "merge..", internal + "replace..")
                .layer("translate")
                .definedBy(internal + "translate..")
                .layer("restore")
                .definedBy(internal + "restore..")
                .layer("product")
                .definedBy(internal + "product..")
                .layer("products")
                .definedBy(
                        internal + "derby..",
                        internal + "h2..",
                        internal + "hsqldb..",
                        internal + "mysql..",
                        internal + "postgres..",
                        internal + "sqlite..")
                .layer("standard")
                .definedBy(internal + "standard..")
                .layer("dialect")
                .definedBy(internal + "dialect..")
                .layer("sql")
                .definedBy(internal + "sql..")
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("capture")
                .mayOnlyBeAccessedByLayers("api")
                .whereLayer("restores")
                .mayOnlyBeAccessedByLayers("api")
                .whereLayer("translate")
                .mayOnlyBeAccessedByLayers("api", "restores")
                .whereLayer("restore")
                .mayOnlyBeAccessedByLayers("api", "restores")
                .whereLayer("product")
                .mayOnlyBeAccessedByLayers("api", "capture")
                .whereLayer("products")
                .mayOnlyBeAccessedByLayers("product")
                .whereLayer("standard")
                .mayOnlyBeAccessedByLayers("product", "products")
                .whereLayer("dialect")
                .mayOnlyBeAccessedByLayers(
                        "api", "capture", "restores", "translate", "restore", "product", "products", "standard")
                .check(code);
        slices().matching(internal + "(**)").should().beFreeOfCycles().check(code);
    }
}
