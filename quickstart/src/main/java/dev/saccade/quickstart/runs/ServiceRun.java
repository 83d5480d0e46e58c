package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.client.ApiException;
import dev.saccade.quickstart.runs.Journal.Batch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Questions on their way through a service. */
final class ServiceRun {

    private static final int BATCH_LINES = 500;

    /** While one is answered, the next one's clips are uploaded. */
    private static final int OPEN_BATCHES = 2;

    private final ApiClient client;
    private final ServiceCalls calls;
    private final Journal journal;
    private final RunBar bar;
    private final Runner.Sink sink;
    private final Uploads uploads;
    private final Harvest harvest;

    /** Questions without an outcome, by id. */
    private final Map<String, Question> waiting = new LinkedHashMap<>();

    ServiceRun(ApiClient client, ServiceCalls calls, Journal journal, RunBar bar, Runner.Sink sink) {
        this.client = client;
        this.calls = calls;
        this.journal = journal;
        this.bar = bar;
        this.sink = sink;
        uploads = new Uploads(client, calls, journal);
        harvest = new Harvest(client, calls, journal, uploads, waiting, bar, sink);
    }

    void run(List<Question> questions) throws IOException {
        questions.forEach(question -> waiting.put(question.id(), question));
        while (!waiting.isEmpty()) {
            int before = waiting.size();
            boolean again = pass();
            if (waiting.size() == before && !again) {
                throw new UserError("the service ended its batch, but not " + before
                        + " of its questions. Run the same command again to ask them");
            }
        }
    }

    /** Reads what is under way and asks the rest. True where clips have to be uploaded again. */
    private boolean pass() throws IOException {
        Deque<Batch> open = new ArrayDeque<>();
        List<Question> rest = new ArrayList<>(waiting.values());
        for (Batch batch : journal.batches()) {
            if (batch.questions().stream().anyMatch(waiting::containsKey)) {
                known(batch).ifPresent(open::add);
            }
        }
        open.forEach(batch -> rest.removeIf(question -> batch.questions().contains(question.id())));
        boolean again = false;
        for (int from = 0; from < rest.size(); from += BATCH_LINES) {
            while (open.size() >= OPEN_BATCHES) {
                again |= harvest.read(open.removeFirst());
            }
            List<Question> chunk = rest.subList(from, Math.min(rest.size(), from + BATCH_LINES));
            submit(chunk).ifPresent(open::add);
        }
        while (!open.isEmpty()) {
            again |= harvest.read(open.removeFirst());
        }
        return again;
    }

    /** A batch of an earlier process, submitted once more where its id was never seen; empty where that can't be. */
    private Optional<Batch> known(Batch batch) throws IOException {
        if (batch.id() != null) {
            return Optional.of(batch);
        }
        boolean complete =
                batch.questions().stream().allMatch(id -> waiting.containsKey(id) && uploads.isKnown(waiting.get(id)));
        if (!complete) {
            journal.ended(batch);
            return Optional.empty();
        }
        return Optional.of(send(batch));
    }

    /** Uploads the clips and submits the batch; empty where no clip could be uploaded. */
    private Optional<Batch> submit(List<Question> chunk) throws IOException {
        List<String> ids = new ArrayList<>();
        for (Question question : chunk) {
            bar.note("uploading " + question.clip().getFileName());
            Optional<String> refusal = uploads.upload(question);
            if (refusal.isPresent()) {
                waiting.remove(question.id());
                sink.accept(Outcome.failed(question.id(), refusal.get()));
            } else {
                ids.add(question.id());
            }
        }
        return ids.isEmpty() ? Optional.empty() : Optional.of(send(journal.begin(ids)));
    }

    private Batch send(Batch batch) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int place = 0; place < batch.questions().size(); place++) {
            Question question =
                    Objects.requireNonNull(waiting.get(batch.questions().get(place)));
            lines.append(Json.MAPPER.writeValueAsString(BatchLines.line(place, question, uploads.video(question))))
                    .append('\n');
        }
        try {
            String id = calls.patiently(() -> client.submitBatch(lines.toString(), batch.key()))
                    .path("id")
                    .asString();
            return journal.submitted(batch, id);
        } catch (ApiException refused) {
            journal.ended(batch);
            throw new UserError("the service refuses the batch: " + refused.getMessage(), refused);
        }
    }
}
