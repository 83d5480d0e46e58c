package dev.saccade.quickstart.demo;

import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.demo.ProgressView.Stage;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Polls a job until it ends and shows each of its phases. */
final class JobWatch {

    private static final long POLL_MILLIS = 100;

    /** A phase as the API names it, and what the demo calls it; {@code always}: shown even when it passed between two polls. */
    private record Phase(String name, String title, boolean always) {}

    private static final List<Phase> PHASES = List.of(
            new Phase("fetching", "Fetch", false),
            new Phase("decoding", "Frames", false),
            new Phase("vision", "Look", true),
            new Phase("reading", "Read", false),
            new Phase("generating", "Answer", true));

    private final ApiClient client;
    private final ProgressView view;
    private final StopSignal stop;
    private int current = -1;
    private @Nullable Stage stage;

    JobWatch(ApiClient client, ProgressView view, StopSignal stop) {
        this.client = client;
        this.view = view;
        this.stop = stop;
    }

    /** The job when it has ended; empty where the user wants to stop before. */
    Optional<JsonNode> untilEnd(String self) throws IOException, InterruptedException {
        try {
            while (!stop.await(POLL_MILLIS)) {
                JsonNode job = client.get(self);
                switch (job.path("state").asString()) {
                    case "queued" -> {}
                    case "running" -> show(job.path("progress"));
                    default -> {
                        showEnd(job);
                        return Optional.of(job);
                    }
                }
            }
            return Optional.empty();
        } finally {
            closeStage();
        }
    }

    private void show(JsonNode progress) {
        String name = progress.path("phase").asString("");
        for (int phase = Math.max(current, 0); phase < PHASES.size(); phase++) {
            if (PHASES.get(phase).name().equals(name)) {
                moveTo(phase);
                update(progress.path("done").asLong(0), progress.path("total").asLong(0), note(progress));
            }
        }
    }

    private static String note(JsonNode progress) {
        return switch (progress.path("phase").asString("")) {
            case "vision" -> progress.path("total").asLong(0) + " visual tokens";
            case "generating" ->
                progress.path("completion_tokens").asInt(0) + " tokens  "
                        + progress.path("text").asString("");
            default -> "";
        };
    }

    private void showEnd(JsonNode job) {
        JsonNode usage = job.path("result").path("usage");
        if (usage.isMissingNode()) {
            return;
        }
        moveTo(PHASES.size() - 1);
        int tokens = usage.path("completion_tokens").asInt(0);
        update(tokens, tokens, tokens + " tokens");
    }

    private void moveTo(int phase) {
        if (phase <= current) {
            return;
        }
        for (int passed = current + 1; passed < phase; passed++) {
            if (PHASES.get(passed).always()) {
                closeStage();
                stage = view.stage(PHASES.get(passed).title());
            }
        }
        closeStage();
        stage = view.stage(PHASES.get(phase).title());
        current = phase;
    }

    private void update(long done, long total, String note) {
        if (stage != null) {
            stage.update(done, total, note);
        }
    }

    private void closeStage() {
        if (stage != null) {
            stage.close();
            stage = null;
        }
    }
}
