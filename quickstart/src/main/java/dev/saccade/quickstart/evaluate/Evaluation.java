package dev.saccade.quickstart.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.api.critiques.Wilson;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code evaluate --json} and {@code report.json} say. Other programs rely on these names.
 *
 * @param accuracy of all rows of all data sets, from 0 to 1
 * @param interval of it, at 95 % (Wilson)
 * @param mean of the data sets' accuracies, and what the card has for it; null unless they are the card's six
 * @param notRun entries of the benchmark that could not be asked
 * @param settings what was asked how, and of what
 * @param models fingerprints of the checkpoints that answered; more than one where it was changed between runs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Evaluation(
        SortedMap<String, Score> datasets,
        int correct,
        int total,
        double accuracy,
        Wilson interval,
        @Nullable Mean mean,
        List<Row> rows,
        List<Problem> notRun,
        ObjectNode settings,
        List<String> models) {

    /** Right answers of one data set. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Score(int correct, int total, double accuracy, Wilson interval, CardFigures.@Nullable Published published) {

        static Score of(String dataset, int correct, int total) {
            return new Score(
                    correct,
                    total,
                    share(correct, total),
                    Wilson.of(correct, total),
                    CardFigures.of(dataset).orElse(null));
        }
    }

    /** Mean over the card's data sets, in percent. */
    record Mean(double percent, double published) {}

    /**
     * One question and what became of it.
     *
     * @param attempts how often it was asked
     * @param error why there is no answer; it counts as a wrong one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            String dataset,
            String video,
            String question,
            String expected,
            String answer,
            String text,
            boolean correct,
            int attempts,
            @Nullable String error) {}

    static Evaluation of(List<Row> rows, List<Problem> notRun, ObjectNode settings, List<String> models) {
        SortedMap<String, Score> datasets = new TreeMap<>();
        for (Row row : rows) {
            Score before = datasets.getOrDefault(row.dataset(), Score.of(row.dataset(), 0, 0));
            datasets.put(
                    row.dataset(),
                    Score.of(row.dataset(), before.correct() + (row.correct() ? 1 : 0), before.total() + 1));
        }
        int correct = (int) rows.stream().filter(Row::correct).count();
        return new Evaluation(
                datasets,
                correct,
                rows.size(),
                share(correct, rows.size()),
                Wilson.of(correct, rows.size()),
                mean(datasets),
                List.copyOf(rows),
                List.copyOf(notRun),
                settings,
                List.copyOf(models));
    }

    private static @Nullable Mean mean(SortedMap<String, Score> datasets) {
        if (!CardFigures.areComplete(datasets.keySet())) {
            return null;
        }
        double mean = datasets.values().stream()
                .mapToDouble(Score::accuracy)
                .average()
                .orElse(0);
        return new Mean(100 * mean, CardFigures.AVERAGE);
    }

    private static double share(int correct, int total) {
        return total == 0 ? 0 : (double) correct / total;
    }

    /** A table for people. */
    String table() {
        StringBuilder table = new StringBuilder();
        datasets.forEach((name, score) -> {
            String card = score.published() == null
                    ? ""
                    : String.format(
                            Locale.ROOT, "  card %.1f %%", score.published().percent());
            table.append(line(name, score.correct(), score.total(), score.interval(), card));
        });
        table.append(line("all", correct, total, interval, ""));
        if (mean != null) {
            table.append(String.format(
                    Locale.ROOT, "mean of the data sets %.1f %%  card %.1f %%%n", mean.percent(), mean.published()));
        }
        long failed = rows.stream().filter(row -> row.error() != null).count();
        if (failed > 0) {
            table.append(failed).append(" without an answer, counted as wrong").append(System.lineSeparator());
        }
        if (!notRun.isEmpty()) {
            table.append(notRun.size()).append(" not run, counted nowhere").append(System.lineSeparator());
        }
        if (models.size() > 1) {
            table.append("answered by ")
                    .append(models.size())
                    .append(" different models")
                    .append(System.lineSeparator());
        }
        return table.toString().stripTrailing();
    }

    private static String line(String name, int correct, int total, Wilson interval, String card) {
        return String.format(
                Locale.ROOT,
                "%-12s %4d / %-4d %5.1f %%  (%.1f to %.1f)%s%n",
                name,
                correct,
                total,
                100 * share(correct, total),
                100 * interval.low(),
                100 * interval.high(),
                card);
    }
}
