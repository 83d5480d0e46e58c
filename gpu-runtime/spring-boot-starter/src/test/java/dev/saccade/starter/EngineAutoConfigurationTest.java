package dev.saccade.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class EngineAutoConfigurationTest {

    private static final Path FOLDER = Path.of(System.getProperty("saccade.home"), "gpu-runtime");
    private static final Path MODEL = FOLDER.resolve("demo-model");

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EngineAutoConfiguration.class));

    @TempDir
    Path temporary;

    @Test
    void onePropertyMakesAnEngineThatAnswers() {
        application.withPropertyValues("saccade.model=" + MODEL).run(context -> {
            GenerationRequest request = GenerationRequest.about(
                    FOLDER.resolve("demo-clips/driving/clips/driving_001.mp4"), "Is it safe to turn right?");

            assertThat(context.getBean(Engine.class)
                            .generate(request.withSampling(SamplingParameters.greedy()))
                            .answer())
                    .isEqualTo("Yes, it is safe.");
        });
    }

    @Test
    void theEngineIsClosedWithTheContext() {
        AtomicReference<Engine> opened = new AtomicReference<>();
        application
                .withPropertyValues("saccade.model=" + MODEL)
                .run(context -> opened.set(context.getBean(Engine.class)));
        GenerationRequest request =
                GenerationRequest.about(FOLDER.resolve("demo-clips/image/clips/image_000.jpg"), "Count the objects.");

        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> opened.get().generate(request))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("engine-closed"));
    }

    @Test
    void propertiesNameTheOptions() {
        application
                .withPropertyValues(
                        "saccade.model=" + MODEL,
                        "saccade.precision=float32",
                        "saccade.device=cpu",
                        "saccade.max-sequences=3",
                        "saccade.kv-cache-tokens=4096",
                        "saccade.media-threads=1",
                        "saccade.compute-threads=1")
                .run(context -> assertThat(context.getBean(EngineOptions.class))
                        .isEqualTo(EngineOptions.DEFAULT.toBuilder()
                                .precision(Precision.FLOAT32)
                                .device(DeviceChoice.CPU)
                                .maxSequences(3)
                                .kvCacheTokens(4096)
                                .mediaThreads(1)
                                .computeThreads(1)
                                .build()));
    }

    @Test
    void absentPropertiesAreTheEnginesOwnDefaults() {
        application
                .withPropertyValues("saccade.model=" + MODEL)
                .run(context -> assertThat(context.getBean(EngineOptions.class)).isEqualTo(EngineOptions.DEFAULT));
    }

    @Test
    void optionsOfTheApplicationReplaceThoseOfTheProperties() {
        EngineOptions own =
                EngineOptions.DEFAULT.toBuilder().speculativeTokens(0).build();
        application
                .withBean(EngineOptions.class, () -> own)
                .withPropertyValues("saccade.model=" + MODEL)
                .run(context -> assertThat(context)
                        .hasSingleBean(Engine.class)
                        .getBean(EngineOptions.class)
                        .isSameAs(own));
    }

    @Test
    void anEngineOfTheApplicationIsTheOnlyOne() {
        application
                .withUserConfiguration(OwnEngine.class)
                .run(context -> assertThat(context)
                        .hasSingleBean(Engine.class)
                        .hasBean("mine")
                        .doesNotHaveBean(EngineOptions.class));
    }

    @Test
    void withoutAModelTheApplicationSaysWhichPropertyIsMissing(CapturedOutput output) {
        startFails();

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("saccade.model is not set")
                .contains("Set saccade.model to the folder of a checkpoint")
                .doesNotContain("\tat ");
    }

    @Test
    void aFolderThatIsNotThereIsNamed(CapturedOutput output) {
        Path absent = temporary.resolve("no-such-model");
        startFails("--saccade.model=" + absent);

        assertThat(output)
                .contains("The model in " + absent + " can't be run:")
                .contains("Set saccade.model to the folder of a checkpoint")
                .doesNotContain("\tat ");
    }

    @Test
    void aBrokenModelIsSaidInTheEnginesOwnWords(CapturedOutput output) throws Exception {
        Files.writeString(temporary.resolve("config.json"), "{ this is no JSON");
        startFails("--saccade.model=" + temporary);

        assertThat(output)
                .contains("The model in " + temporary + " can't be run: config.json is not valid JSON")
                .doesNotContain("\tat ");
    }

    @Test
    void editorsAreToldOfEveryProperty() throws Exception {
        try (var metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            assertThat(metadata).isNotNull();
            assertThat(new String(metadata.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("saccade.model", "saccade.kv-cache-tokens", "folder of the checkpoint");
        }
    }

    private static void startFails(String... arguments) {
        SpringApplication small = new SpringApplication(Small.class);
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> small.run(arguments))
                .havingRootCause();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Small {}

    @Configuration(proxyBeanMethods = false)
    static class OwnEngine {

        @Bean
        Engine mine() {
            return Engine.open(MODEL);
        }
    }
}
