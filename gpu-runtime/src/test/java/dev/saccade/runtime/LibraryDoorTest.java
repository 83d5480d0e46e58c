package dev.saccade.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.model.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program that has nothing but this library does first: open, ask, print. */
@EngineTest
class LibraryDoorTest {

    private static final String EXAMPLE = "docs/examples/Ask.java";

    @TempDir
    Path temporary;

    @Test
    void theReadmesProgramIsTheExample() throws IOException {
        String readme = Files.readString(DemoModel.home().resolve("README.md"));
        String example = Files.readString(DemoModel.home().resolve(EXAMPLE));

        assertThat(readme).contains("```java\n" + example + "```\n");
    }

    @Test
    void theExampleNamesThisVersionOfTheLibrary() throws IOException {
        String pom = Files.readString(DemoModel.home().resolve("pom.xml"));
        String version = pom.replaceFirst("(?s).*?<artifactId>saccade</artifactId>\\s*<version>([^<]+).*", "$1");

        assertThat(directive("DEPS")).containsExactly("dev.saccade:gpu-runtime:" + version);
    }

    @Test
    void theExampleAnswers() throws Exception {
        assertThat(runExample(directive("RUNTIME_OPTIONS"), 0))
                .containsSubsequence("We wait at the crossing. The red car has already passed.", "Yes, it is safe.");
    }

    @Test
    void withoutTheVectorApiItSaysWhichFlagIsMissing() throws Exception {
        assertThat(runExample(List.of(), 1)).anyMatch(line -> line.contains("--add-modules=jdk.incubator.vector"));
    }

    @Test
    void imagesAreAskedAboutAsClipsAre() {
        Path image = DemoModel.clips().resolve("image/clips/image_000.jpg");
        try (Engine engine = Engine.open(DemoModel.model(), TestDevice.options(EngineOptions.DEFAULT))) {
            GenerationRequest request = GenerationRequest.about(image, "Count the objects in the image.")
                    .withSampling(SamplingParameters.greedy());

            GenerationResult result = engine.generate(request);

            assertThat(result.media())
                    .singleElement()
                    .satisfies(media -> assertThat(media.kind()).isEqualTo("image"));
            assertThat(result.answer()).isEqualTo("One.");
        }
    }

    @Test
    void whatIsWrongWithTheFileIsSaidInTheEnginesOwnWords() throws IOException {
        Path absent = temporary.resolve("absent.mp4");
        Path text = Files.writeString(temporary.resolve("notes.mp4"), "This is no video at all.");
        byte[] clip = Files.readAllBytes(DemoModel.clips().resolve("driving/clips/driving_001.mp4"));
        Path half = Files.write(temporary.resolve("half.mp4"), Arrays.copyOf(clip, clip.length / 2));

        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> GenerationRequest.about(absent, "What is this?"))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("media-not-found"));
        assertThatExceptionOfType(MediaException.class)
                .isThrownBy(() -> GenerationRequest.about(text, "What is this?"))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("media-not-recognised"));
        try (Engine engine = Engine.open(DemoModel.model(), TestDevice.options(EngineOptions.DEFAULT))) {
            assertThatExceptionOfType(MediaException.class)
                    .isThrownBy(() -> engine.generate(GenerationRequest.about(half, "What is this?")));
        }
    }

    /** The lines that it prints, to either stream. */
    private List<String> runExample(List<String> flags, int exitCode) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EXAMPLE));
        Path output = temporary.resolve("output.txt");
        Process java = new ProcessBuilder(command)
                .directory(DemoModel.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(java.waitFor(3, TimeUnit.MINUTES)).as("the example ended").isTrue();
        List<String> printed = Files.readAllLines(output);
        assertThat(java.exitValue()).as(String.join("\n", printed)).isEqualTo(exitCode);
        return printed;
    }

    /** What one of JBang's comments at the example's head says. */
    private static List<String> directive(String name) throws IOException {
        return Files.readAllLines(DemoModel.home().resolve(EXAMPLE)).stream()
                .filter(line -> line.startsWith("//" + name + " "))
                .flatMap(line -> List.of(line.split(" ")).stream().skip(1))
                .toList();
    }
}
