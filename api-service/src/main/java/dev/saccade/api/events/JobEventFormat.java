package dev.saccade.api.events;

import dev.saccade.api.jobs.JobDocuments;
import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.JobView;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The events of {@code GET /v1/jobs/{id}/events}. */
final class JobEventFormat implements StreamFormat {

    /** What {@code state} says. */
    private record StateData(
            String state, int attempt, Instant at, @Nullable Failure error) {}

    private record Failure(String code, String message) {}

    /** What {@code text} says. */
    private record TextData(int index, String part, int offset, String text) {}

    @Override
    public String opening() {
        return "retry: 2000\n\n";
    }

    @Override
    public String state(String id, JobEvent event) {
        var error = event.error();
        return event(
                "state",
                id,
                new StateData(
                        event.state().name().toLowerCase(Locale.ROOT),
                        event.attempt(),
                        event.at(),
                        error == null ? null : new Failure(error.code(), error.message())));
    }

    @Override
    public String progress(Progress progress) {
        return event("progress", null, progress);
    }

    @Override
    public String text(String id, int index, TextParts.Piece piece) {
        return event("text", id, new TextData(index, piece.part().text(), piece.offset(), piece.text()));
    }

    @Override
    public String result(String id, JobView job) {
        return "id: " + id + "\nevent: result\ndata: " + JobDocuments.json(job) + "\n\n";
    }

    @Override
    public String heartbeat() {
        return ": heartbeat\n\n";
    }

    @Override
    public String farewell(String reason) {
        return ": " + reason + "; reconnect with Last-Event-ID\n\n";
    }

    private static String event(String name, @Nullable String id, Object data) {
        return (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: "
                + ApiJson.MAPPER.writeValueAsString(data) + "\n\n";
    }
}
