package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run has done, so that the same command goes on where it stopped: its settings, which clips are uploaded and as
 * what, which batches are under way, and outcomes.
 *
 * <p>Its first line is {@code {"run", "settings"}}. Then come, in the order of events, {@code {"upload", "video"}} (SHA-256
 * in hex and the service's id; null once that is gone), {@code {"batch_key", "questions"}} before a batch is submitted,
 * {@code {"batch_key", "batch"}} when it has an id, {@code {"batch_key", "ended": true}}, and {@code {"outcome"}}.
 */
public final class Journal implements AutoCloseable {

    private @Nullable JsonLines lines;
    private boolean begun;
    private final Map<String, String> uploads = new HashMap<>();
    private final Map<String, Batch> batches = new LinkedHashMap<>();

    /**
     * A batch that is not read to its end.
     *
     * @param key its idempotency key
     * @param id null where no answer to its submission was seen
     * @param questions their ids, in the order of its lines
     */
    record Batch(String key, @Nullable String id, List<String> questions) {}

    private Journal() {}

    /** For a run that nobody will go on with: it remembers, but writes nothing. */
    public static Journal none() {
        return new Journal();
    }

    /**
     * Opens a run's journal, or begins it.
     *
     * @param run the kind of run
     * @param outcome is given the outcomes that are there, in order
     * @throws UserError where it is another run's
     */
    public static Journal open(Path file, String run, ObjectNode settings, Consumer<Outcome> outcome)
            throws IOException {
        Journal journal = new Journal();
        JsonLines lines = JsonLines.open(file, line -> {
            if (journal.begun) {
                journal.take(line, outcome);
            } else {
                requireSame(file, run, settings, line);
                journal.begun = true;
            }
        });
        journal.lines = lines;
        if (!journal.begun) {
            ObjectNode header = Json.MAPPER.createObjectNode().put("run", run);
            header.set("settings", settings);
            lines.append(header);
        }
        return journal;
    }

    private static void requireSame(Path file, String run, ObjectNode settings, JsonNode header) {
        JsonNode theirs = header.path("settings");
        if (!header.path("run").asString("").equals(run) || !theirs.isObject()) {
            throw new UserError(file + " is no journal of saccade " + run + ": name another place with --out");
        }
        TreeSet<String> names = new TreeSet<>(settings.propertyNames());
        names.addAll(theirs.propertyNames());
        for (String name : names) {
            // as text: a number that was read back may be of another type
            String before = theirs.path(name).toString();
            String now = settings.path(name).toString();
            if (!before.equals(now)) {
                throw new UserError(
                        "%s belongs to a run with other settings: %s was %s and is now %s. Name another place"
                                        .formatted(file, name, shown(before), shown(now))
                                + " with --out, or ask as before to go on with it");
            }
        }
    }

    private static String shown(String value) {
        return value.isEmpty() ? "not given" : value;
    }

    private void take(JsonNode line, Consumer<Outcome> outcome) {
        if (line.has("outcome")) {
            outcome.accept(Json.MAPPER.treeToValue(line.get("outcome"), Outcome.class));
        } else if (line.has("upload")) {
            remember(line.path("upload").asString(), line.path("video").asString(null));
        } else if (line.has("batch_key")) {
            String key = line.path("batch_key").asString();
            Batch known = batches.get(key);
            if (line.has("questions")) {
                List<String> questions = new ArrayList<>();
                line.path("questions").forEach(question -> questions.add(question.asString()));
                batches.put(key, new Batch(key, null, questions));
            } else if (line.has("ended")) {
                batches.remove(key);
            } else if (known != null) {
                batches.put(key, new Batch(key, line.path("batch").asString(), known.questions()));
            }
        }
    }

    private void remember(String digest, @Nullable String video) {
        if (video == null) {
            uploads.remove(digest);
        } else {
            uploads.put(digest, video);
        }
    }

    /** Keeps a question's outcome. */
    public void outcome(Outcome outcome) throws IOException {
        write(Json.MAPPER.createObjectNode().set("outcome", Json.MAPPER.valueToTree(outcome)));
    }

    /** As what a file of this content was uploaded. */
    Optional<String> upload(String digest) {
        return Optional.ofNullable(uploads.get(digest));
    }

    /** @param video null where what was uploaded is there no more */
    void uploaded(String digest, @Nullable String video) throws IOException {
        remember(digest, video);
        write(Json.MAPPER.createObjectNode().put("upload", digest).put("video", video));
    }

    /** Batches that were begun and not read to their end. */
    List<Batch> batches() {
        return List.copyOf(batches.values());
    }

    /** Notes a batch before it is submitted. */
    Batch begin(List<String> questions) throws IOException {
        Batch batch = new Batch(UUID.randomUUID().toString(), null, List.copyOf(questions));
        batches.put(batch.key(), batch);
        ObjectNode line = Json.MAPPER.createObjectNode().put("batch_key", batch.key());
        line.set("questions", Json.MAPPER.valueToTree(questions));
        write(line);
        return batch;
    }

    /** Notes the id that the service gave it. */
    Batch submitted(Batch batch, String id) throws IOException {
        Batch known = new Batch(batch.key(), id, batch.questions());
        batches.put(batch.key(), known);
        write(Json.MAPPER.createObjectNode().put("batch_key", batch.key()).put("batch", id));
        return known;
    }

    /** All that came of it is kept. */
    void ended(Batch batch) throws IOException {
        batches.remove(batch.key());
        write(Json.MAPPER.createObjectNode().put("batch_key", batch.key()).put("ended", true));
    }

    private void write(JsonNode line) throws IOException {
        if (lines != null) {
            lines.append(line);
        }
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}
