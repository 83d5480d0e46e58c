package dev.saccade.quickstart.evaluate;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What {@code evaluate --json} prints. Other programs rely on these names. */
record Evaluation(SortedMap<String, Score> datasets, int correct, int total, List<Row> rows) {

    /** Right answers of one data set. */
    record Score(int correct, int total) {

        Score plus(boolean right) {
            return new Score(correct + (right ? 1 : 0), total + 1);
        }
    }

    /** One question and what became of it. */
    record Row(
            String dataset,
            String video,
            String question,
            String expected,
            String answer,
            String text,
            boolean correct) {}

    static Evaluation of(List<Row> rows) {
        SortedMap<String, Score> datasets = new TreeMap<>();
        Score all = new Score(0, 0);
        for (Row row : rows) {
            datasets.merge(
                    row.dataset(), new Score(0, 0).plus(row.correct()), (score, ignored) -> score.plus(row.correct()));
            all = all.plus(row.correct());
        }
        return new Evaluation(datasets, all.correct(), all.total(), List.copyOf(rows));
    }

    /** A table for people. */
    String table() {
        StringBuilder table = new StringBuilder();
        datasets.forEach((name, score) -> table.append(line(name, score)));
        return table.append(line("all", new Score(correct, total))).toString().stripTrailing();
    }

    private static String line(String name, Score score) {
        return "%-12s %4d / %-4d %5.1f %%%n"
                .formatted(name, score.correct(), score.total(), 100.0 * score.correct() / score.total());
    }
}
