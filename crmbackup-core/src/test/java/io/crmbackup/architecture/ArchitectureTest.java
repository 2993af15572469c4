package io.crmbackup.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.crmbackup.error.BackupException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The house's floor plan: who may know whom. */
final class ArchitectureTest {
    /** Where the API meets the engine: only these of its classes, with their nested ones, may name what is internal. */
    private static final Set<String> DOORS = Set.of("io.crmbackup.BackupRepositoryBuilder");

    /** The one place that waits for time to pass. */
    private static final String RETRIES = "io.crmbackup.internal.object.Retries";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.crmbackup");

    @Test
    void errorsReportsAndSpiKnowNeitherTheApiNorTheEngine() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.crmbackup.error..", "io.crmbackup.report..", "io.crmbackup.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.crmbackup", "io.crmbackup.schedule..", "io.crmbackup.internal.."));
    }

    @Test
    void apiNamesTheEngineOnlyAtItsDoors() {
        check(noClasses()
                .that()
                .resideInAnyPackage("io.crmbackup", "io.crmbackup.schedule..")
                .and(DescribedPredicate.not(door()))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.crmbackup.internal.."));
    }

    @Test
    void internalPackagesDependDownwardsOnly() {
        check(classes().that().resideInAPackage("io.crmbackup.internal..").should(new DependDownwards()));
    }

    @Test
    void internalPackagesAreFreeOfCycles() {
        check(slices().matching("io.crmbackup.internal.(*)..").should().beFreeOfCycles());
    }

    @Test
    void exportedPackagesAreFreeOfCycles() {
        check(slices().matching("io.crmbackup.(error|report|spi|schedule)..")
                .should()
                .beFreeOfCycles());
    }

    @Test
    void signaturesMentionOnlyTheJdkAndOurOwnTypes() {
        check(classes()
                .that(are("exported", exportedPackages()))
                .and(arePublic())
                .should(new SpeakOnlyOwnTypes()));
    }

    @Test
    void nothingInternalIsExported() {
        assertThat(exportedPackages()).isNotEmpty().noneMatch(name -> name.startsWith("io.crmbackup.internal"));
    }

    @Test
    void nobodySleepsButBetweenRetries() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(RETRIES)
                .should()
                .callMethod(Thread.class, "sleep", long.class));
    }

    @Test
    void staticStateIsConstant() {
        check(fields().that().areStatic().should().beFinal());
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> door() {
        return DescribedPredicate.describe(
                "door " + DOORS,
                type -> DOORS.stream()
                        .anyMatch(door ->
                                type.getName().equals(door) || type.getName().startsWith(door + "$")));
    }

    private static DescribedPredicate<JavaClass> arePublic() {
        return DescribedPredicate.describe("are public or protected", SpeakOnlyOwnTypes::isVisible);
    }

    private static DescribedPredicate<JavaClass> are(String description, Set<String> packages) {
        return DescribedPredicate.describe(description, type -> packages.contains(type.getPackageName()));
    }

    /** Packages that the module descriptor exports to everybody. */
    private static Set<String> exportedPackages() {
        Path classes;
        try {
            classes = Path.of(BackupException.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
        return ModuleFinder.of(classes).find("io.crmbackup").orElseThrow().descriptor().exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }
}
