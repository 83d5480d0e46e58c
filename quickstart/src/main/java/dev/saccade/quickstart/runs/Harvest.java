package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.client.ApiException;
import dev.saccade.quickstart.runs.Journal.Batch;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Waits for batches and reads what came of them. */
final class Harvest {

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** What was uploaded is there no more. */
    private static final Set<String> CLIP_GONE =
            Set.of("unknown-video", "video-deleted", "video-not-ready", "media-missing");

    /** Parts of a line that are the same in all of them. */
    private static final Set<String> OF_ALL =
            Set.of("/body/prompt", "/body/sampling", "/body/vision", "/body/reasoning");

    /** Nobody found anything wrong with the question. */
    private static final Set<String> CALLED_OFF = Set.of("cancelled", "expired");

    private final ApiClient client;
    private final ServiceCalls calls;
    private final Journal journal;
    private final Uploads uploads;
    private final Map<String, Question> waiting;
    private final RunBar bar;
    private final Runner.Sink sink;
    private boolean again;
    private boolean calledOff;
    private @Nullable String refusal;

    /** @param waiting questions without an outcome; those that get one are taken out */
    Harvest(
            ApiClient client,
            ServiceCalls calls,
            Journal journal,
            Uploads uploads,
            Map<String, Question> waiting,
            RunBar bar,
            Runner.Sink sink) {
        this.client = client;
        this.calls = calls;
        this.journal = journal;
        this.uploads = uploads;
        this.waiting = waiting;
        this.bar = bar;
        this.sink = sink;
    }

    /** Waits for a batch's end and reads it. True where clips of it have to be uploaded again. */
    boolean read(Batch batch) throws IOException {
        again = false;
        calledOff = false;
        refusal = null;
        String path = "/v1/batches/" + batch.id();
        try {
            awaitEnd(path);
            calls.patiently(() -> {
                client.lines(path + "/output", line -> take(batch, line));
                client.lines(path + "/errors", line -> take(batch, line));
                return true;
            });
        } catch (ApiException refused) {
            if (refused.status() != 404) {
                throw new UserError("the service answers " + refused.status() + ": " + refused.getMessage(), refused);
            }
            // it keeps no batch for ever: what has no outcome is asked again
            again = true;
        }
        journal.ended(batch);
        if (refusal != null) {
            throw new UserError("the service refuses what is asked: " + refusal);
        }
        if (calledOff) {
            throw new UserError("jobs of batch " + batch.id()
                    + " were cancelled or expired. Run the same command again to ask their questions anew");
        }
        return again;
    }

    private void awaitEnd(String path) {
        long wait = FIRST_PAUSE_MILLIS;
        while (true) {
            JsonNode state = calls.patiently(() -> client.get(path));
            if (state.path("state").asString("").equals("ended")) {
                return;
            }
            JsonNode counts = state.path("counts");
            long done =
                    counts.path("succeeded").asLong(0) + counts.path("failed").asLong(0);
            bar.note("the service has done " + done + " of a batch of "
                    + state.path("jobs").asLong(0));
            calls.pause(wait);
            wait = Math.min(LONGEST_PAUSE_MILLIS, wait + wait / 2);
        }
    }

    private void take(Batch batch, JsonNode line) {
        String id = BatchLines.question(line, batch.questions()).orElse(null);
        Question question = id == null ? null : waiting.get(id);
        if (id == null || question == null) {
            return; // it has its outcome
        }
        try {
            JsonNode error = line.path("error");
            if (line.has("result")) {
                end(BatchLines.outcome(id, line));
            } else if (isAboutAll(error)) {
                refusal = error.path("message").asString("it gives no reason");
            } else if (CALLED_OFF.contains(line.path("state").asString(""))) {
                calledOff = true;
            } else if (CLIP_GONE.contains(error.path("code").asString("")) && uploads.forget(question)) {
                again = true;
            } else {
                end(Outcome.failed(id, error.path("message").asString("The service gives no reason.")));
            }
        } catch (IOException unwritable) {
            // not one of the service's failures, which are tried again
            throw new UserError("what was answered can't be written: " + unwritable.getMessage(), unwritable);
        }
    }

    /** Whether what is wrong would be wrong with every clip. */
    private static boolean isAboutAll(JsonNode error) {
        return error.path("errors")
                .valueStream()
                .map(one -> one.path("pointer").asString(""))
                .anyMatch(pointer -> OF_ALL.stream().anyMatch(pointer::startsWith));
    }

    private void end(Outcome outcome) throws IOException {
        waiting.remove(outcome.id());
        sink.accept(outcome);
    }
}
