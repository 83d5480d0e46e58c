package dev.saccade.api;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

@AnalyzeClasses(packages = "dev.saccade.api", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    /** The API asks the engine what a file is and whether it would take a request, and renders prompts; it never runs it. */
    private static final Set<String> ENGINE = Set.of(
            "dev.saccade.runtime.EngineException",
            "dev.saccade.runtime.InvalidRequestException",
            "dev.saccade.runtime.Mark",
            "dev.saccade.runtime.Mark$Key",
            "dev.saccade.runtime.MediaLimits",
            "dev.saccade.runtime.SamplingParameters",
            "dev.saccade.runtime.SamplingParameters$Builder",
            "dev.saccade.runtime.StructuredOutput",
            "dev.saccade.runtime.StructuredOutput$Choice",
            "dev.saccade.runtime.StructuredOutput$JsonSchema",
            "dev.saccade.runtime.StructuredOutput$Regex",
            "dev.saccade.runtime.VisionOptions",
            "dev.saccade.runtime.constrain.StructuredOutputRules",
            "dev.saccade.runtime.media.ClipFacts",
            "dev.saccade.runtime.media.ClipFacts$Kind",
            "dev.saccade.runtime.media.MediaPipeline",
            "dev.saccade.runtime.media.MediaProbe",
            "dev.saccade.runtime.sampling.SamplingRules",
            "dev.saccade.runtime.text.SystemPrompts");

    @ArchTest
    static final ArchRule onlyChecksOfTheEngineAreUsed = noClasses()
            .should()
            .dependOnClassesThat(describe(
                    "run the engine",
                    (JavaClass used) -> used.getPackageName().startsWith("dev.saccade.runtime")
                            && !used.getPackageName().equals("dev.saccade.runtime.prompts")
                            && !ENGINE.contains(used.getName())));

    @ArchTest
    static final ArchRule workersAndMigrationsAreOutOfReach = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.saccade.worker..", "dev.saccade.migrations..", "dev.saccade.quickstart..");

    @ArchTest
    static final ArchRule clientsOfOtherServersStayInTheirPackages = noClasses()
            .that()
            .resideOutsideOfPackages("dev.saccade.api.store..", "dev.saccade.api.egress..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.minio..", "okhttp3..");

    @ArchTest
    static final ArchRule onlyTheLedgerTalksToTheDatabase = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.persistence..", "org.springframework.data..", "org.springframework.jdbc..");

    @ArchTest
    static final ArchRule featuresFormNoCycles =
            slices().matching("dev.saccade.api.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule controllersArePrivateToTheirFeature = classes()
            .that()
            .haveSimpleNameEndingWith("Controller")
            .and()
            .doNotHaveSimpleName("ProblemController")
            .should()
            .bePackagePrivate();
}
