package dev.saccade.quickstart.evaluate;

import dev.saccade.api.critiques.Wilson;
import dev.saccade.quickstart.evaluate.Evaluation.Row;
import dev.saccade.quickstart.evaluate.Evaluation.Score;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** A page to read an evaluation on. It needs no other file and runs nothing; whatever was read or answered is escaped. */
final class EvaluationReport {

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Evaluation</title>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ddd}
            .wrong{color:#b00020}.right{color:#1b6e2c}pre{white-space:pre-wrap;background:#f5f5f5;padding:1rem}
            </style></head><body><h1>Evaluation</h1>
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    private EvaluationReport() {}

    static String of(Evaluation evaluation) {
        return new EvaluationReport().write(evaluation);
    }

    private String write(Evaluation evaluation) {
        scores(evaluation);
        notRun(evaluation);
        page.append("<h2>Settings</h2><table>\n");
        evaluation
                .settings()
                .properties()
                .forEach(setting -> cells(setting.getKey(), setting.getValue().asString("default")));
        evaluation.models().forEach(model -> cells("answered by", model));
        page.append("</table>\n");
        evaluation.datasets().keySet().forEach(name -> dataset(name, evaluation));
        return page.append("</body></html>\n").toString();
    }

    private void scores(Evaluation evaluation) {
        page.append("<table><thead><tr><th>Data set<th>Right<th>Accuracy<th>95 %<th>Model card</thead><tbody>\n");
        evaluation
                .datasets()
                .forEach((name, score) -> cells(
                        name,
                        score.correct() + " of " + score.total(),
                        percent(100 * score.accuracy()),
                        interval(score.interval()),
                        card(score)));
        cells(
                "all",
                evaluation.correct() + " of " + evaluation.total(),
                percent(100 * evaluation.accuracy()),
                interval(evaluation.interval()),
                "");
        if (evaluation.mean() != null) {
            cells(
                    "mean of the data sets",
                    "",
                    percent(evaluation.mean().percent()),
                    "",
                    percent(evaluation.mean().published()));
        }
        page.append("</tbody></table>\n");
    }

    /** The card's figure, and whether this run's interval holds it. */
    private static String card(Score score) {
        CardFigures.Published published = score.published();
        if (published == null) {
            return "";
        }
        double share = published.percent() / 100;
        String place = share < score.interval().low()
                ? "below"
                : share > score.interval().high() ? "above" : "within";
        return percent(published.percent()) + " of " + published.questions() + ", " + place + " the interval";
    }

    private void notRun(Evaluation evaluation) {
        if (evaluation.notRun().isEmpty()) {
            return;
        }
        page.append("<h2>Not run: ").append(evaluation.notRun().size()).append("</h2><table>\n");
        evaluation.notRun().forEach(problem -> cells(problem.file() + ":" + problem.line(), problem.message()));
        page.append("</table>\n");
    }

    private void dataset(String name, Evaluation evaluation) {
        page.append("<h2>")
                .append(text(name))
                .append("</h2><table><thead><tr><th>Clip<th>Question<th>Expected<th>Answer</thead><tbody>\n");
        evaluation.rows().stream().filter(row -> row.dataset().equals(name)).forEach(this::row);
        page.append("</tbody></table>\n");
    }

    private void row(Row row) {
        page.append("<tr><td>")
                .append(text(row.video()))
                .append("<td>")
                .append(text(row.question()))
                .append("<td>")
                .append(text(row.expected()))
                .append("<td><span class=\"")
                .append(row.correct() ? "right" : "wrong")
                .append("\">")
                .append(text(row.answer().isEmpty() ? "none" : row.answer()))
                .append("</span>");
        paragraph(row.error());
        paragraph(row.attempts() > 1 ? "asked " + row.attempts() + " times" : null);
        if (!row.text().isEmpty()) {
            page.append("<details><summary>All that was written</summary><pre>")
                    .append(text(row.text()))
                    .append("</pre></details>");
        }
        page.append("</tr>\n");
    }

    private void paragraph(@Nullable String sentence) {
        if (sentence != null) {
            page.append("<p>").append(text(sentence)).append("</p>");
        }
    }

    private void cells(String... texts) {
        page.append("<tr>");
        for (String cell : texts) {
            page.append("<td>").append(text(cell));
        }
        page.append("</tr>\n");
    }

    private static String interval(Wilson interval) {
        return String.format(Locale.ROOT, "%.1f to %.1f", 100 * interval.low(), 100 * interval.high());
    }

    private static String percent(double percent) {
        return String.format(Locale.ROOT, "%.1f %%", percent);
    }

    private static String text(String written) {
        return HtmlUtils.htmlEscape(written, "UTF-8");
    }
}
