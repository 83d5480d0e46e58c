package dev.saccade.runtime.device;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test of the engine, which computes on whatever {@link TestDevice} gives: {@code ./saccade test --emulated} runs all of them on
 * the emulated GPU. {@link EngineSuiteTest} sees to it that none is forgotten.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("engine")
public @interface EngineTest {

    /** Of those that every {@code ./saccade test} runs a second time, on the emulated GPU (see {@code pom.xml}). */
    String ON_BOTH_DEVICES = "both-devices";
}
