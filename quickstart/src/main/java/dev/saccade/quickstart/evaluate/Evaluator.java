package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.runs.Journal;
import dev.saccade.quickstart.runs.Outcome;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.quickstart.runs.RunBar;
import dev.saccade.quickstart.runs.Runner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks a benchmark's questions, those with an empty answer again and again by the benchmark's rule, and grades. */
final class Evaluator {

    private final Settings settings;
    private final List<Item> items;

    /** By the id of each try. */
    private final Map<String, Outcome> outcomes = new HashMap<>();

    Evaluator(Settings settings, List<Item> items) {
        this.settings = settings;
        this.items = items;
    }

    /** What an earlier run has done. */
    void restore(Outcome outcome) {
        outcomes.put(outcome.id(), outcome);
    }

    void run(Runner runner, Journal journal) throws IOException {
        long done =
                items.stream().filter(item -> outcomes.containsKey(id(item, 0))).count();
        try (RunBar bar = new RunBar("evaluate", done, items.size())) {
            for (int attempt = 0; attempt <= settings.retries; attempt++) {
                List<Question> questions = questions(attempt);
                int current = attempt;
                runner.run(questions, journal, bar, outcome -> {
                    journal.outcome(outcome);
                    restore(outcome);
                    if (current == 0) {
                        bar.step();
                    }
                });
            }
        }
    }

    private List<Question> questions(int attempt) {
        List<Question> questions = new ArrayList<>();
        for (Item item : items) {
            boolean wanted = attempt == 0 || isEmpty(item, outcomes.get(id(item, attempt - 1)));
            if (wanted && !outcomes.containsKey(id(item, attempt))) {
                questions.add(new Question(
                        id(item, attempt),
                        item.file(),
                        new Question.OwnWords(item.prompt(), settings.mode == AnswerMode.REASONING),
                        settings.sampling(attempt),
                        settings.vision()));
            }
        }
        return questions;
    }

    private static String id(Item item, int attempt) {
        return attempt == 0 ? item.id() : item.id() + "~" + attempt;
    }

    /** Whether it was answered, but with nothing. */
    private boolean isEmpty(Item item, @Nullable Outcome outcome) {
        return outcome != null
                && outcome.error() == null
                && Grading.answer(item, settings.mode, outcome).isEmpty();
    }

    /** All rows, in the benchmark's order. */
    List<Evaluation.Row> rows() {
        return items.stream().map(this::row).toList();
    }

    private Evaluation.Row row(Item item) {
        int last = 0;
        while (outcomes.containsKey(id(item, last + 1))) {
            last++;
        }
        Outcome outcome = Objects.requireNonNull(outcomes.get(id(item, last)));
        String answer = Grading.answer(item, settings.mode, outcome);
        return new Evaluation.Row(
                item.dataset(),
                item.video(),
                item.question(),
                item.answer(),
                answer,
                outcome.samples().isEmpty() ? "" : outcome.samples().getFirst().text(),
                Grading.isCorrect(item, answer),
                last + 1,
                outcome.error());
    }

    /** Fingerprints of the checkpoints that answered. */
    List<String> models() {
        return outcomes.values().stream()
                .map(Outcome::model)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }
}
