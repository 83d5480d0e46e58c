package dev.saccade.quickstart.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TimeTableTest {

    @Test
    void everyPhaseHasItsLineAndTheRestIsNamedOther() {
        JsonNode job = JsonMapper.shared().readTree("""
                        {"created_at": "2026-11-22T20:00:00.000Z", "started_at": "2026-11-22T20:00:00.250Z",
                         "result": {"timings": {"queue_millis": 50, "media_millis": 500, "vision_millis": 1000,
                                                "prefill_millis": 100, "decode_millis": 600}}}
                        """);

        String table = TimeTable.of(Duration.ofSeconds(5), Duration.ofSeconds(1), job, Duration.ofSeconds(10))
                .toString();

        assertThat(table.lines().map(line -> line.replaceAll("#", "").strip()))
                .containsExactly(
                        "start      5.00 s",
                        "upload     1.00 s",
                        "queue      0.30 s",
                        "media      0.50 s",
                        "vision     1.00 s",
                        "prefill    0.10 s",
                        "decode     0.60 s",
                        "other      1.50 s",
                        "total     10.00 s");
        assertThat(table).contains("start      5.00 s  ###############\n");
    }
}
