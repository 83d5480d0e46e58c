package dev.saccade.quickstart.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.quickstart.cli.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    @Test
    void accuracyIsPooledOverAllItemsAndEachSetHasItsIntervalBesideTheCardsFigure() {
        List<Evaluation.Row> rows = new ArrayList<>(rows("robovqa", 8, 10));
        rows.addAll(rows("my_own", 1, 30));

        Evaluation evaluation = evaluation(rows);

        assertThat(evaluation.accuracy()).isEqualTo(9.0 / 40);
        Evaluation.Score robovqa = Objects.requireNonNull(evaluation.datasets().get("robovqa"));
        assertThat(robovqa.accuracy()).isEqualTo(0.8);
        // Wilson's formula for 8 of 10, by hand
        assertThat(robovqa.interval().low()).isCloseTo(0.4902, within(1e-4));
        assertThat(robovqa.interval().high()).isCloseTo(0.9433, within(1e-4));
        assertThat(robovqa.published()).isEqualTo(new CardFigures.Published("RoboVQA", 87.3, 110));
        assertThat(Objects.requireNonNull(evaluation.datasets().get("my_own")).published())
                .isNull();
        assertThat(evaluation.mean()).isNull();
        assertThat(evaluation.table()).contains("card 87.3 %").contains("   9 / 40");
    }

    @Test
    void theCardsMeanStandsBesideTheMeanOfItsSixSets() {
        List<Evaluation.Row> rows = new ArrayList<>();
        for (String name : List.of("RoboVQA", "av", "bridgev2", "agibot", "holoassist", "robofail")) {
            rows.addAll(rows(name, 5, 10));
        }

        assertThat(evaluation(rows).mean()).isEqualTo(new Evaluation.Mean(50, 65.1));

        rows.addAll(rows("another", 5, 10));
        assertThat(evaluation(rows).mean()).isNull();
    }

    @Test
    void thePageShowsTextsAsTextsAndNamesNoOtherFile() {
        String hostile = "<script>alert('x')</script><img src=http://a.example/x>";
        Evaluation.Row row =
                new Evaluation.Row(hostile, hostile, hostile, hostile, hostile, hostile, false, 2, hostile);
        Evaluation evaluation = Evaluation.of(
                List.of(row),
                List.of(new Problem(hostile, 3, hostile)),
                Json.MAPPER.createObjectNode().put("service", hostile),
                List.of(hostile));

        String page = EvaluationReport.of(evaluation);

        assertThat(page)
                .contains("&lt;script&gt;")
                .doesNotContain("<script")
                .doesNotContain("<img")
                .doesNotContain("<link")
                .contains("asked 2 times")
                .contains(":3");
    }

    @Test
    void theJsonHasTheNamesThatProgramsReadBefore() {
        var json = Json.MAPPER.valueToTree(evaluation(rows("toy", 1, 2)));

        assertThat(json.path("datasets").path("toy").path("correct").intValue()).isEqualTo(1);
        assertThat(json.path("datasets").path("toy").path("total").intValue()).isEqualTo(2);
        assertThat(json.path("correct").intValue()).isEqualTo(1);
        assertThat(json.path("total").intValue()).isEqualTo(2);
        assertThat(json.path("rows").get(0).propertyNames())
                .contains("dataset", "video", "question", "expected", "answer", "text", "correct");
        assertThat(json.path("interval").propertyNames()).containsExactlyInAnyOrder("low", "high");
    }

    private static Evaluation evaluation(List<Evaluation.Row> rows) {
        return Evaluation.of(rows, List.of(), Json.MAPPER.createObjectNode(), List.of());
    }

    private static List<Evaluation.Row> rows(String dataset, int right, int all) {
        List<Evaluation.Row> rows = new ArrayList<>();
        for (int i = 0; i < all; i++) {
            rows.add(new Evaluation.Row(dataset, "v" + i, "q", "A", "A", "A", i < right, 1, null));
        }
        return rows;
    }
}
