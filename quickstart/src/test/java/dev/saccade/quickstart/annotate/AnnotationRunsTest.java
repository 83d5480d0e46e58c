package dev.saccade.quickstart.annotate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.SaccadeCli;
import dev.saccade.quickstart.endtoend.Fixtures;
import dev.saccade.quickstart.endtoend.JavaChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code saccade annotate} as a process: in itself, over a service, after {@code kill -9} and after Ctrl-C. */
class AnnotationRunsTest {

    private static final Path CLIPS = ModelOptions.home().resolve("gpu-runtime/demo-clips");
    private static final int ALL = 108;
    private static final List<String> CAPTION = List.of(
            "--prompt",
            "caption",
            "--arg",
            "instruction=Describe the image.",
            "--temperature",
            "0",
            "--max-tokens",
            "60");

    private static final List<String> JUDGED = List.of(
            "--prompt",
            "question",
            "--arg",
            "question=Is this video physically plausible?",
            "--temperature",
            "0",
            "--max-tokens",
            "200",
            "--critic",
            "video_critic@1",
            "--critic-samples",
            "3",
            "--min-score",
            "1");

    @TempDir
    Path temporary;

    @Test
    void aKilledRunGoesOnAndWritesOneLineForEachClipAsAnUnbrokenOneDoes() throws Exception {
        Path whole = out("whole");
        finish(CLIPS, whole, CAPTION);
        Path broken = out("broken");
        try (JavaChild run = start(CLIPS, broken, CAPTION)) {
            run.killWhen(() -> Fixtures.wholeLines(broken).size() >= 10);
        }
        assertThat(Fixtures.wholeLines(broken).size()).isBetween(10, ALL - 1);
        Files.writeString(broken, "{\"clip\":\"cut off by a power c", StandardOpenOption.APPEND);

        finish(CLIPS, broken, CAPTION);

        assertThat(Fixtures.wholeLines(broken)).hasSize(ALL);
        assertThat(byClip(broken)).hasSize(ALL).isEqualTo(byClip(whole));
        assertThat(text(whole, "image/clips/image_001.jpg", "/parsed/caption")).startsWith("From left to right");
    }

    @Test
    void ctrlCLeavesWholeLinesAndSaysHowToGoOn() throws Exception {
        Path out = out("stopped");
        try (JavaChild run = start(CLIPS, out, CAPTION)) {
            run.freezeWhen(() -> Fixtures.wholeLines(out).size() >= 5);
            run.thaw();
            assertThat(run.terminate()).isEqualTo(130);
            assertThat(run.printed()).contains("run the same command again");
        }
        assertThat(Files.readString(out)).endsWith("}\n");
        assertThat(Fixtures.wholeLines(out).size()).isBetween(5, ALL - 1);
    }

    @Test
    void aKilledRunOverTheServiceGoesOnWithTheSameLines() throws Exception {
        Path folder = clips("driving/clips/driving_001.mp4", "image/clips/image_001.jpg", "image/clips/image_002.jpg");
        Files.writeString(folder.resolve("no-clip.mp4"), "This is no video.");
        Path here = out("here");
        finish(folder, here, CAPTION);
        try (JavaChild serve = JavaChild.start(
                SaccadeCli.class.getName(),
                Map.of(),
                "serve",
                "--port",
                "0",
                "--data",
                Fixtures.emptyFolder("annotated").toString())) {
            List<String> service = new ArrayList<>(CAPTION);
            service.addAll(List.of("--key", serve.awaitPrinted("API key +(\\S+)")));
            service.addAll(List.of("--service", serve.awaitPrinted("URL +(\\S+)")));
            Path out = out("service");
            try (JavaChild run = start(folder, out, service)) {
                run.killWhen(() -> Files.exists(journal(out))
                        && Files.readString(journal(out)).contains("\"upload\""));
            }

            finish(folder, out, service);

            assertThat(Fixtures.wholeLines(out)).hasSize(4);
            for (String clip : List.of("driving_001.mp4", "image_001.jpg", "image_002.jpg")) {
                assertThat(byClip(out).get(clip)).isEqualTo(byClip(here).get(clip));
            }
            assertThat(text(out, "no-clip.mp4", "/error")).isNotBlank();
            Path critics = clips("critic/clips/critic_000.mp4", "critic/clips/critic_001.mp4");
            List<String> judgedThere = new ArrayList<>(JUDGED);
            judgedThere.addAll(service.subList(CAPTION.size(), service.size()));
            finish(critics, out("judged-here"), JUDGED);
            finish(critics, out("judged-there"), judgedThere);
            assertThat(byClip(out("judged-there"))).hasSize(2).isEqualTo(byClip(out("judged-here")));
            Path other = out("unknown");
            List<String> unknown = new ArrayList<>(service);
            unknown.set(1, "no_such_prompt");
            try (JavaChild run = start(folder, other, unknown)) {
                assertThat(run.awaitExit()).isEqualTo(2);
                assertThat(run.printed()).contains("There is no such prompt");
            }
            assertThat(Fixtures.wholeLines(other)).hasSize(1); // of the clip that can't be uploaded
        }
    }

    @Test
    void clipsBelowTheCriticsScoreAreWrittenAsFilteredAndTheOthersAreAnnotated() throws Exception {
        Path folder = clips("critic/clips/critic_000.mp4", "critic/clips/critic_001.mp4", "image/clips/image_001.jpg");
        Path out = out("judged");
        finish(folder, out, JUDGED);

        Map<String, JsonNode> lines = byClip(out);
        assertThat(lines).hasSize(3);
        for (String clip : List.of("critic_000.mp4", "critic_001.mp4")) {
            JsonNode line = Objects.requireNonNull(lines.get(clip));
            boolean good = line.path("score").doubleValue() >= 1;
            assertThat(line.has("filtered")).as(clip).isEqualTo(!good);
            assertThat(line.has("parsed")).as(clip).isEqualTo(good);
        }
        assertThat(text(out, "image_001.jpg", "/error")).contains("takes videos only");
    }

    @Test
    void whatCannotBeAskedOfAnyClipIsOneLineAndExitCodeTwo() throws Exception {
        Path folder = clips("image/clips/image_001.jpg");
        expect(folder, List.of("--prompt", "no_such_prompt"), "there is no prompt no_such_prompt");
        expect(folder, List.of("--prompt", "caption", "--arg", "colour=red"), "takes no such argument");
        expect(folder, List.of("--prompt", "caption", "--temperature", "-1"), "temperature");
        expect(temporary.resolve("nowhere"), CAPTION, "there is no folder");
    }

    private void expect(Path folder, List<String> arguments, String sentence) throws Exception {
        Path out = out("refused");
        try (JavaChild run = start(folder, out, arguments)) {
            assertThat(run.awaitExit()).as(run.printed()).isEqualTo(2);
            assertThat(run.printed()).contains("saccade: ").contains(sentence);
        }
        assertThat(Fixtures.wholeLines(out)).isEmpty();
        Files.deleteIfExists(journal(out));
    }

    private Path out(String name) {
        return temporary.resolve(name + ".jsonl");
    }

    private static Path journal(Path out) {
        return out.resolveSibling(out.getFileName() + ".journal");
    }

    private Path clips(String... files) throws IOException {
        Path folder = Files.createTempDirectory(temporary, "clips");
        for (String file : files) {
            Path clip = CLIPS.resolve(file);
            Files.copy(clip, folder.resolve(String.valueOf(clip.getFileName())));
        }
        return folder;
    }

    private static JavaChild start(Path folder, Path out, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("annotate", folder.toString(), "--out", out.toString()));
        arguments.addAll(more);
        return JavaChild.start(SaccadeCli.class.getName(), Map.of(), arguments.toArray(String[]::new));
    }

    private static void finish(Path folder, Path out, List<String> more) throws Exception {
        try (JavaChild run = start(folder, out, more)) {
            assertThat(run.awaitExit()).as(run.printed()).isZero();
        }
    }

    private static String text(Path out, String clip, String pointer) throws IOException {
        return Objects.requireNonNull(byClip(out).get(clip), clip).at(pointer).asString("");
    }

    private static Map<String, JsonNode> byClip(Path out) throws IOException {
        Map<String, JsonNode> lines = new TreeMap<>();
        Fixtures.wholeLines(out).forEach(line -> lines.put(line.path("clip").asString(), line));
        return lines;
    }
}
