package dev.saccade.quickstart.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** Who may depend on whom, as the design's table of folders says. */
@AnalyzeClasses(packages = "dev.saccade", importOptions = DoNotIncludeTests.class)
class DependencyTableTest {

    private static final String RUNTIME = "dev.saccade.runtime..";
    private static final String LEDGER = "dev.saccade.ledger..";
    private static final String MIGRATIONS = "dev.saccade.migrations..";
    private static final String API = "dev.saccade.api..";
    private static final String WORKER = "dev.saccade.worker..";
    private static final String QUICKSTART = "dev.saccade.quickstart..";

    @ArchTest
    static final ArchRule theEngineIsAPlainLibrary = noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", LEDGER, MIGRATIONS, API, WORKER, QUICKSTART);

    @ArchTest
    static final ArchRule theLedgerKnowsNeitherEngineNorServices = noClasses()
            .that()
            .resideInAPackage(LEDGER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(RUNTIME, MIGRATIONS, API, WORKER, QUICKSTART);

    @ArchTest
    static final ArchRule migrationsStandAlone = noClasses()
            .that()
            .resideInAPackage(MIGRATIONS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", RUNTIME, LEDGER, API, WORKER, QUICKSTART);

    @ArchTest
    static final ArchRule theApiKnowsNoWorker = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, MIGRATIONS, QUICKSTART);

    /** It probes uploads, owns the limits on them, and checks parameters; it never opens a model. */
    @ArchTest
    static final ArchRule theApiUsesTheEngineOnlyToProbeAndToCheck = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "dev.saccade.runtime.device..",
                            "dev.saccade.runtime.kv..",
                            "dev.saccade.runtime.model..",
                            "dev.saccade.runtime.schedule..",
                            "dev.saccade.runtime.checkpoint..")
                    .or(belongToAnyOf(dev.saccade.runtime.Engine.class, dev.saccade.runtime.EngineOptions.class)));

    @ArchTest
    static final ArchRule workersKnowNoApi = noClasses()
            .that()
            .resideInAPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(API, MIGRATIONS, QUICKSTART);

    @ArchTest
    static final ArchRule theEnginesInnerPackagesServeOnlyTheEngine = noClasses()
            .that()
            .resideInAnyPackage(LEDGER, MIGRATIONS, API, WORKER, QUICKSTART)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.saccade.runtime.device..",
                    "dev.saccade.runtime.kv..",
                    "dev.saccade.runtime.model..",
                    "dev.saccade.runtime.schedule..");

    @ArchTest
    static final ArchRule packagesAreNamedForFeatures = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..impl..");

    @ArchTest
    static final ArchRule noMocks = noClasses().should().dependOnClassesThat().resideInAPackage("org.mockito..");

    @ArchTest
    static final ArchRule everyClassHasAPlaceInTheTable =
            classes().should().resideInAnyPackage(RUNTIME, LEDGER, MIGRATIONS, API, WORKER, QUICKSTART);

    @ArchTest
    static void everyPackageSaysWhetherNullIsAllowed(JavaClasses all) {
        Set<String> packages =
                all.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> marked = packages.stream()
                .filter(name -> isNullMarked(all.getPackage(name)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages).hasSizeGreaterThan(20);
        assertThat(marked).isEqualTo(packages);
    }

    private static boolean isNullMarked(JavaPackage javaPackage) {
        return javaPackage.tryGetPackageInfo().isPresent() && javaPackage.isAnnotatedWith(NullMarked.class);
    }
}
