package dev.saccade.quickstart.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.runs.Journal;
import dev.saccade.quickstart.runs.Outcome;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.quickstart.runs.RunBar;
import dev.saccade.quickstart.runs.Runner;
import dev.saccade.quickstart.runs.StoppedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The benchmark's rules, with answers that are written down in the place of a model's. */
class EvaluatorTest {

    private static final String UNREADABLE = "unreadable";

    @TempDir
    Path folder;

    private final Settings settings = new Settings();
    private final Recorded model = new Recorded();

    /** Gives each question the next of its answers, the last one again and again. */
    private static final class Recorded implements Runner {

        private final TreeMap<String, List<String>> answers = new TreeMap<>();
        private final List<Question> asked = new ArrayList<>();
        private int stopAfter = Integer.MAX_VALUE;

        @Override
        public void run(List<Question> questions, Journal journal, RunBar bar, Sink sink) throws IOException {
            for (Question question : questions) {
                if (asked.size() == stopAfter) {
                    throw new StoppedException();
                }
                asked.add(question);
                List<String> left = answers.getOrDefault(question.clip().toString(), List.of("<answer>A</answer>"));
                String text = left.getFirst();
                if (left.size() > 1) {
                    answers.put(question.clip().toString(), left.subList(1, left.size()));
                }
                sink.accept(
                        text.equals(UNREADABLE)
                                ? new Outcome(question.id(), List.of(), null, "The clip can't be read.")
                                : new Outcome(
                                        question.id(),
                                        List.of(new Outcome.Sample(text, text, null, null)),
                                        "fingerprint",
                                        null));
            }
        }

        @Override
        public ObjectNode settings() {
            return Json.MAPPER.createObjectNode();
        }

        @Override
        public void close() {}
    }

    @Test
    void anEmptyAnswerIsAskedForAgainLongerAndWarmerUpToTenTimes() throws Exception {
        model.answers.put("never.mp4", List.of("<answer>no letter</answer>"));
        model.answers.put("third.mp4", List.of("", "B", "Because. <answer>B</answer>"));

        List<Evaluation.Row> rows = evaluate(choice("never.mp4", "A"), choice("third.mp4", "B"));

        assertThat(rows).extracting(Evaluation.Row::attempts).containsExactly(11, 3);
        assertThat(rows).extracting(Evaluation.Row::correct).containsExactly(false, true);
        List<Question> never = model.asked.stream()
                .filter(question -> question.clip().toString().equals("never.mp4"))
                .toList();
        assertThat(never)
                .extracting(question -> question.sampling().maxTokens())
                .containsExactly(1024, 1280, 1536, 1792, 2048, 2304, 2560, 2816, 3072, 3328, 3584);
        assertThat(never)
                .extracting(question -> hundredths(question.sampling().temperature()))
                .containsExactly(60L, 65L, 70L, 75L, 80L, 85L, 90L, 90L, 90L, 90L, 90L);
        assertThat(never).extracting(question -> question.sampling().topP()).containsOnly(0.95);
        assertThat(never).extracting(question -> question.sampling().seed()).containsOnly(1L);
    }

    @Test
    void inReasoningModeTheLetterStandsInTheFirstCompleteAnswer() throws Exception {
        model.answers.put("a.mp4", List.of("B is wrong. <answer>it is c or D</answer> <answer>A</answer>"));

        assertThat(evaluate(choice("a.mp4", "d"))).singleElement().satisfies(row -> {
            assertThat(row.answer()).isEqualTo("D");
            assertThat(row.correct()).isTrue();
        });
        assertThat(model.asked.getFirst().wording())
                .isEqualTo(new Question.OwnWords("Which?\n(A) x\n(B) y\nAnswer with the option's letter.", true));
    }

    @Test
    void inLetterModeTheFirstLetterAnywhereCounts() throws Exception {
        settings.mode = AnswerMode.LETTER;
        model.answers.put("a.mp4", List.of("it is B, not A"));

        assertThat(evaluate(choice("a.mp4", "B")))
                .singleElement()
                .extracting(Evaluation.Row::correct)
                .isEqualTo(true);
        assertThat(model.asked.getFirst().wording())
                .isEqualTo(new Question.OwnWords("Which?\n(A) x\n(B) y\nAnswer with the option's letter.", false));
    }

    @Test
    void greedyAsksWithoutPenaltyAndOnlyTriesAgainWarmer() {
        settings.temperature = 0;

        assertThat(settings.sampling(0).repetitionPenalty()).isEqualTo(1.0);
        assertThat(settings.sampling(0).temperature()).isZero();
        assertThat(settings.sampling(2).repetitionPenalty()).isNull();
        assertThat(settings.sampling(2).temperature()).isEqualTo(0.1);
    }

    @Test
    void aClipThatCannotBeReadIsAWrongAnswerAndNotAskedAgain() throws Exception {
        model.answers.put("broken.mp4", List.of(UNREADABLE));

        List<Evaluation.Row> rows = evaluate(choice("broken.mp4", "A"), choice("good.mp4", "A"));

        assertThat(rows).extracting(Evaluation.Row::correct).containsExactly(false, true);
        assertThat(rows).extracting(Evaluation.Row::error).containsExactly("The clip can't be read.", null);
        assertThat(model.asked).hasSize(2);
    }

    @Test
    void aStoppedRunGoesOnFromItsJournalAlsoBetweenTwoTries() throws Exception {
        Item[] items = {choice("a.mp4", "A"), choice("twice.mp4", "B"), choice("c.mp4", "B")};
        model.answers.put("twice.mp4", List.of("", "<answer>B</answer>"));
        List<Evaluation.Row> whole = evaluate(items);
        for (int stop = 0; stop < 4; stop++) {
            Path file = folder.resolve("journal-" + stop + ".jsonl");
            Recorded first = new Recorded();
            first.stopAfter = stop;
            first.answers.put("twice.mp4", List.of("", "<answer>B</answer>"));
            Recorded second = new Recorded();
            second.answers.put("twice.mp4", List.of(stop < 2 ? "" : "<answer>B</answer>", "<answer>B</answer>"));

            resumable(items, first, file);
            assertThat(resumable(items, second, file)).isEqualTo(whole);

            assertThat(first.asked).hasSize(stop);
            assertThat(second.asked).hasSize(4 - stop);
        }
    }

    private static long hundredths(@Nullable Double value) {
        return Math.round(100 * Objects.requireNonNull(value));
    }

    private List<Evaluation.Row> evaluate(Item... items) throws IOException {
        Evaluator evaluator = new Evaluator(settings, List.of(items));
        evaluator.run(model, Journal.none());
        return evaluator.rows();
    }

    private List<Evaluation.Row> resumable(Item[] items, Recorded runner, Path file) throws IOException {
        Evaluator evaluator = new Evaluator(settings, List.of(items));
        try (Journal journal = Journal.open(file, "evaluate", runner.settings(), evaluator::restore)) {
            evaluator.run(runner, journal);
        } catch (StoppedException stopped) {
            return List.of();
        }
        return evaluator.rows();
    }

    private static Item choice(String video, String answer) {
        TreeMap<String, String> options = new TreeMap<>();
        options.put("A", "x");
        options.put("B", "y");
        return new Item("toy/" + video + "#0", "toy", video, Path.of(video), "Which?", options, answer);
    }
}
