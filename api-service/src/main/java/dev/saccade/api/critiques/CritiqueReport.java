package dev.saccade.api.critiques;

import dev.saccade.api.critiques.CritiqueDocument.Clip;
import dev.saccade.api.critiques.CritiqueDocument.Component;
import dev.saccade.api.critiques.CritiqueDocument.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** A page to read a critique on. Whatever a model wrote is text: everything is escaped, and the page runs nothing. */
final class CritiqueReport {

    /** Goes with the page, should an escape ever be forgotten. */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Critique %1$s</title><style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
            table{border-collapse:collapse;width:100%%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
            section{margin:2rem 0}.yes{color:#b00020}.no{color:#1b6e2c}pre{white-space:pre-wrap;background:#f5f5f5;padding:1rem}
            </style></head><body><h1>Critique</h1><p>%1$s, %2$s</p>
            """;

    private final StringBuilder page = new StringBuilder();

    private CritiqueReport() {}

    static String of(CritiqueDocument critique) {
        return new CritiqueReport().write(critique);
    }

    private String write(CritiqueDocument critique) {
        page.append(
                HEAD.formatted(text(critique.id()), text(critique.state().name().toLowerCase(Locale.ROOT))));
        List<Clip> order = critique.clips().stream()
                .sorted(Comparator.comparing((Clip clip) -> Objects.requireNonNullElse(clip.rank(), Integer.MAX_VALUE)))
                .toList();
        page.append("<table><thead><tr><th>Rank<th>Clip<th>Score<th>95 %<th>Artifact-free<th>State</thead><tbody>\n");
        order.forEach(this::row);
        page.append("</tbody></table>\n");
        order.forEach(this::section);
        return page.append("</body></html>\n").toString();
    }

    private void row(Clip clip) {
        Wilson interval = clip.interval();
        page.append("<tr><td>")
                .append(clip.rank() == null ? "" : clip.rank())
                .append("<td>")
                .append(link(clip))
                .append("<td>")
                .append(clip.score() == null ? "" : share(clip.score()))
                .append("<td>")
                .append(interval == null ? "" : share(interval.low()) + " to " + share(interval.high()))
                .append("<td>")
                .append(clip.artifactFree())
                .append(" of ")
                .append(clip.samples())
                .append(clip.unreadable() == 0 ? "" : ", " + clip.unreadable() + " unreadable")
                .append("<td>")
                .append(text(clip.state()))
                .append("</tr>\n");
    }

    private static String link(Clip clip) {
        String id = text(clip.video());
        return "<a href=\"/v1/videos/" + id + "/content\">" + id + "</a>";
    }

    private void section(Clip clip) {
        page.append("<section><h2>").append(link(clip)).append("</h2>\n");
        if (clip.error() != null) {
            page.append("<p>").append(text(clip.error())).append("</p>\n");
        }
        for (int i = 0; i < clip.verdicts().size(); i++) {
            verdict(i + 1, clip.verdicts().get(i));
        }
        page.append("</section>\n");
    }

    private void verdict(int number, Verdict verdict) {
        page.append("<h3>Verdict ")
                .append(number)
                .append(": ")
                .append(word(verdict.anomalies()))
                .append("</h3>\n");
        paragraph(verdict.parseError());
        paragraph(verdict.overview());
        if (!verdict.components().isEmpty()) {
            page.append("<table><thead><tr><th>Component<th>Anomaly<th>Analysis</thead><tbody>\n");
            for (Component component : verdict.components()) {
                page.append("<tr><td>")
                        .append(text(component.name()))
                        .append("<td>")
                        .append(word(component.anomaly()))
                        .append("<td>")
                        .append(text(component.analysis()))
                        .append("</tr>\n");
            }
            page.append("</tbody></table>\n");
        }
        page.append("<details><summary>Trace</summary><pre>")
                .append(text(verdict.trace()))
                .append("</pre></details>\n");
    }

    private void paragraph(@Nullable String sentence) {
        if (sentence != null) {
            page.append("<p>").append(text(sentence)).append("</p>\n");
        }
    }

    private static String word(@Nullable Boolean anomaly) {
        if (anomaly == null) {
            return "not readable";
        }
        return anomaly ? "<span class=\"yes\">anomaly</span>" : "<span class=\"no\">none</span>";
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }

    private static String text(String written) {
        return HtmlUtils.htmlEscape(written, "UTF-8");
    }
}
