package dev.saccade.runtime.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.bench.EngineBench;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which tests run on the emulated GPU too: all that compute on the tests' device, but for the devices' own. */
@AnalyzeClasses(packages = "dev.saccade.runtime")
class EngineSuiteTest {

    private static final Set<String> TESTS_DEVICE =
            Set.of(TestDevice.class.getName(), "dev.saccade.runtime.schedule.GoldenEngine");

    private static final Set<String> ENGINE = Set.of(Engine.class.getName(), EngineBench.class.getName());

    @ArchTest
    static void everyTestOnTheTestsDeviceIsMarked(JavaClasses all) {
        Set<String> marked = tests(all, one -> one.isAnnotatedWith(EngineTest.class));

        assertThat(marked).hasSizeGreaterThan(10).isEqualTo(tests(all, one -> uses(one, TESTS_DEVICE)));
    }

    @ArchTest
    static void everyTestThatOpensAnEngineDoesSoOnTheTestsDevice(JavaClasses all) {
        assertThat(tests(all, one -> uses(one, TESTS_DEVICE))).containsAll(tests(all, one -> uses(one, ENGINE)));
    }

    private static Set<String> tests(JavaClasses all, Predicate<JavaClass> which) {
        return all.stream()
                .filter(one -> one.getSimpleName().endsWith("Test"))
                .filter(one -> !one.getPackageName().startsWith(EngineSuiteTest.class.getPackageName()))
                .filter(which)
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static boolean uses(JavaClass test, Set<String> what) {
        return test.getDirectDependenciesFromSelf().stream()
                .anyMatch(one -> what.contains(one.getTargetClass().getName()));
    }
}
