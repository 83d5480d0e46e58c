package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.events.TextParts.Part;
import dev.saccade.api.events.TextParts.Piece;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The order of a streamed response's events, whatever the order in which a job's own come. */
final class ResponseStreamTest {

    private final ResponseStream stream = new ResponseStream(
            new UUID(1, 2),
            new ResponseDocument(
                    "resp_1",
                    "response",
                    0,
                    "queued",
                    false,
                    "model",
                    List.of(),
                    null,
                    null,
                    null,
                    List.of(),
                    "none",
                    false,
                    Map.of()));

    @Test
    void textThatComesBeforeTheJobsStateDoesNotPutTheBeginningBehindTheFirstItem() {
        String text = stream.text("1", 0, new Piece(Part.REASONING, 0, "It is"));
        String state = stream.state("2", new JobEvent(1, JobState.RUNNING, 1, Instant.EPOCH, null));

        assertThat(types(text))
                .containsExactly(
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.reasoning_text.delta");
        assertThat(state).isEmpty();
    }

    @Test
    void anItemBeginsEmptyAndIsDoneBeforeTheNextOne() {
        stream.text("1", 0, new Piece(Part.REASONING, 0, "It is."));

        String answer = stream.text("2", 0, new Piece(Part.ANSWER, 6, "Yes."));

        assertThat(types(answer))
                .containsExactly(
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta");
        assertThat(answer).contains("\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]");
    }

    private static List<String> types(String events) {
        return events.lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .toList();
    }
}
