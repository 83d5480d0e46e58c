package dev.saccade.quickstart.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTest {

    @TempDir
    Path folder;

    @Test
    void theBundledClipsHaveNoProblems() throws Exception {
        Benchmark bundled = Benchmark.read(ModelOptions.home().resolve("gpu-runtime/demo-clips"));

        assertThat(bundled.problems()).isEmpty();
        assertThat(bundled.items()).hasSize(108);
        assertThat(bundled.items().stream().map(Item::id)).doesNotHaveDuplicates();
    }

    @Test
    void optionsComeAsAListOrByLetterAndStandBelowTheQuestion() throws Exception {
        Benchmark read = read("""
                [{"video": "clips/a.mp4", "qa_pairs": {"question": "Which?", "options": ["red", "blue"], "answer": "B"}},
                 {"video": "clips/a.mp4", "qa_pairs": [
                   {"question": "Is it safe?", "index2ans": {"A": "yes", "B": "no"}, "answer": "a."},
                   {"question": "What is it?", "answer": "A ball."}]}]""");

        assertThat(read.problems()).isEmpty();
        assertThat(read.items())
                .extracting(Item::id)
                .containsExactly("toy/clips/a.mp4#0", "toy/clips/a.mp4#1", "toy/clips/a.mp4#2");
        assertThat(read.items().get(0).prompt())
                .isEqualTo("Which?\n(A) red\n(B) blue\nAnswer with the option's letter.");
        assertThat(read.items().get(1).prompt())
                .isEqualTo("Is it safe?\n(A) yes\n(B) no\nAnswer with the option's letter.");
        assertThat(read.items().get(2).prompt()).isEqualTo("What is it?");
    }

    @Test
    void eachBrokenEntryIsToldByFileAndLineAndTheOthersAreThere() throws Exception {
        String many = IntStream.range(0, 27).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(", "));
        Benchmark read = read("""
                [
                 {"video": "clips/a.mp4", "qa_pairs": {"question": "Good?", "answer": "Yes."}},
                 {"video": "clips/gone.mp4", "qa_pairs": {"question": "Good?", "answer": "Yes."}},
                 {"video": "../../secret.mp4", "qa_pairs": {"question": "Good?", "answer": "Yes."}},
                 {"video": "clips/a.mp4",
                  "qa_pairs": {"question": "Good?", "answer": "Yes."}},
                 {"video": "clips/a.mp4", "qa_pairs": [
                   {"question": "None?", "options": [], "answer": "A"},
                   {"question": "Many?", "options": [%s], "answer": "A"},
                   {"question": "Wrong?", "options": ["x", "y"],
                    "answer": "C"},
                   {"question": "Named?", "index2ans": {"first": "x"}, "answer": "A"},
                   {"question": "", "answer": "A"},
                   {"question": "Unanswered?"},
                   {"id": "seven", "question": "One?", "answer": "1"},
                   {"id": "seven", "question": "Two?", "answer": "2"},
                   "no pair"]},
                 {"video": 7, "qa_pairs": {"question": "Good?", "answer": "Yes."}},
                 {"video": "clips/a.mp4"},
                 {"video": "clips/a.mp4", "qa_pairs": []}
                ]""".formatted(many));

        assertThat(read.items()).extracting(Item::question).containsExactly("Good?", "One?");
        assertThat(read.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        at(3, "There is no clip \"clips/gone.mp4\"."),
                        at(4, "The clip \"../../secret.mp4\" lies outside of the data set's folder."),
                        at(6, "The same question about \"clips/a.mp4\" is there twice; first on line 2."),
                        at(8, "The question has 0 options; give 1 to 26, or leave them out."),
                        at(9, "The question has 27 options; give 1 to 26, or leave them out."),
                        at(11, "The answer \"C\" is none of the letters A, B."),
                        at(12, "The option \"first\" has to be named by a letter from A to Z."),
                        at(13, "\"question\" is missing, or no text."),
                        at(14, "\"answer\" is missing, or no text."),
                        at(16, "The id \"seven\" is there twice; first on line 15."),
                        at(17, "\"question\" is missing, or no text."),
                        at(18, "\"video\" is missing, or no text."),
                        at(19, "The entry has no \"qa_pairs\"."),
                        at(20, "\"qa_pairs\" is empty."));
    }

    @Test
    void aFileThatIsNoJsonIsToldByLineAndOtherFilesAreRead() throws Exception {
        clip("other");
        write("other", "[{\"video\": \"clips/a.mp4\", \"qa_pairs\": {\"question\": \"Good?\", \"answer\": \"Yes.\"}}]");

        Benchmark read = read("[\n {\"video\": \"clips/a.mp4\",\n  \"qa_pairs\": {\"question\" \"Good?\"}}]");

        assertThat(read.items()).extracting(Item::dataset).containsExactly("other");
        assertThat(read.problems()).singleElement().asString().startsWith(at(3, "The file can't be read as JSON"));
    }

    @Test
    void aNameThatStandsTwiceInAnObjectIsNoJson() throws Exception {
        Benchmark read = read("[{\"video\": \"clips/a.mp4\",\n\"video\": \"clips/b.mp4\", \"qa_pairs\": []}]");

        assertThat(read.problems()).singleElement().asString().startsWith(at(2, "The file can't be read as JSON"));
    }

    @Test
    void anEmptyFileAndAnObjectAreNoLists() throws Exception {
        assertThat(read("").problems()).singleElement().asString().contains(":1: ");
        assertThat(read("{}").problems()).singleElement().asString().contains("has to be a list");
        assertThat(read("[]").problems()).singleElement().asString().contains("The list is empty.");
    }

    @Test
    void aFolderWithoutQuestionsIsRefused() {
        assertThatThrownBy(() -> Benchmark.read(folder))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("NAME_benchmark_qa_pairs.json");
    }

    private Benchmark read(String questions) throws IOException {
        clip("toy");
        write("toy", questions);
        return Benchmark.read(folder);
    }

    private void clip(String dataset) throws IOException {
        Path clips = Files.createDirectories(folder.resolve(dataset + "/clips"));
        Files.write(clips.resolve("a.mp4"), new byte[] {1});
    }

    private void write(String dataset, String questions) throws IOException {
        Files.writeString(
                folder.resolve(dataset + "/" + dataset + Benchmark.SUFFIX), questions, StandardCharsets.UTF_8);
    }

    private static String at(int line, String message) {
        return "toy/toy_benchmark_qa_pairs.json:" + line + ": " + message;
    }
}
