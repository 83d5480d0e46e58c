package dev.saccade.starter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The design's table of folders, for the one module that no other has on its class path. */
@AnalyzeClasses(packages = "dev.saccade", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule onlyTheEnginesPublicFaceIsUsed = noClasses()
            .that()
            .resideInAPackage("dev.saccade.starter..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.saccade.runtime.*..");

    @ArchTest
    static final ArchRule theEngineKnowsNoSpring = noClasses()
            .that()
            .resideInAPackage("dev.saccade.runtime..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "dev.saccade.starter..");
}
