package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.PromptUse;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.runtime.text.SystemPrompts;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a job's submission again, with changes; whether it can be taken is for the intake to say. */
final class JobClones {

    private static final Set<String> MERGED = Set.of("sampling", "vision");
    /** With one of these a copy has texts of its own. */
    private static final Set<String> OWN_TEXTS = Set.of("question", "messages");

    private static final Set<String> PROMPTS = Set.of(SystemPrompts.REASONING, SystemPrompts.PLAIN);

    private final VideoLedger videos;

    JobClones(VideoLedger videos) {
        this.videos = videos;
    }

    /** A document as {@code POST /v1/jobs} takes it. */
    String submission(JobView job, @Nullable ObjectNode changes) {
        ObjectNode submission = ApiJson.MAPPER.valueToTree(RequestDocument.of(job.request()));
        submission.put("priority", job.urgency().name().toLowerCase(Locale.ROOT));
        submission.set("tags", ApiJson.MAPPER.valueToTree(job.tags()));
        PromptUse prompt = job.request().prompt();
        if (prompt != null) {
            if (changes != null && (OWN_TEXTS.stream().anyMatch(changes::has))) {
                submission.remove("prompt");
            } else {
                name(submission, prompt);
            }
        }
        if (changes != null) {
            change(job.tenantId(), submission, changes);
        }
        return ApiJson.MAPPER.writeValueAsString(submission);
    }

    private void change(UUID tenantId, ObjectNode submission, ObjectNode changes) {
        boolean otherTurns = changes.has("messages");
        for (var field : changes.properties()) {
            String name = field.getKey();
            JsonNode value = field.getValue();
            if (name.equals("question") && value.isString() && !otherTurns) {
                ask(submission, value.stringValue());
            } else if (name.equals("video") && value.isString() && !otherTurns) {
                show(tenantId, submission, value.stringValue());
            } else if (MERGED.contains(name) && value.isObject()) {
                merge((ObjectNode) submission.get(name), value);
            } else {
                submission.set(name, value);
            }
        }
        if (changes.has("reasoning") && !otherTurns && !submission.has("prompt")) {
            dropPrompt((ArrayNode) submission.get("messages"));
        }
    }

    /** The prompt writes its texts, and says what its answers look like, anew. */
    private static void name(ObjectNode submission, PromptUse prompt) {
        ((ObjectNode) submission.get("prompt")).remove("own");
        ArrayNode messages = (ArrayNode) submission.get("messages");
        messages.remove(0);
        lastTurn(submission).removeIf(part -> part.path("type").asString("").equals("text"));
        if (lastTurn(submission).isEmpty()) {
            submission.remove("messages");
        }
        ObjectNode sampling = (ObjectNode) submission.get("sampling");
        sampling.remove("structured_outputs");
        if (!prompt.keepLogprobs()) {
            sampling.remove("logprobs");
        }
        if (prompt.reasoning() != null) {
            submission.put("reasoning", prompt.reasoning());
        }
    }

    private static void merge(ObjectNode into, JsonNode changes) {
        for (var field : changes.properties()) {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    /** Puts another question into the last turn, behind its media. */
    private static void ask(ObjectNode submission, String question) {
        ArrayNode parts = lastTurn(submission);
        parts.removeIf(part -> part.path("type").asString("").equals("text"));
        parts.addObject().put("type", "text").put("text", question);
    }

    /** Puts another video or image in the place of the last turn's media. */
    private void show(UUID tenantId, ObjectNode submission, String externalId) {
        if (!submission.has("messages")) { // a prompt's, which had no media
            submission.put("video", externalId);
            return;
        }
        ArrayNode parts = lastTurn(submission);
        parts.removeIf(part -> !part.path("type").asString("").equals("text"));
        ObjectNode media = parts.insertObject(0);
        media.put("type", isImage(tenantId, externalId) ? "image" : "video").put("video", externalId);
    }

    private boolean isImage(UUID tenantId, String externalId) {
        return ExternalId.VIDEO
                .parse(externalId)
                .flatMap(id -> videos.find(tenantId, id))
                .map(video -> video.facts() != null && video.facts().kind().equals("IMAGE"))
                .orElse(false);
    }

    private static ArrayNode lastTurn(ObjectNode submission) {
        ArrayNode messages = (ArrayNode) submission.get("messages");
        return (ArrayNode) messages.get(messages.size() - 1).get("content");
    }

    /** The intake writes the prompt that goes with reasoning, unless the client had one of its own. */
    private static void dropPrompt(ArrayNode messages) {
        JsonNode first = messages.get(0);
        boolean ours = first.path("role").asString("").equals("system")
                && PROMPTS.contains(first.at("/content/0/text").asString(""));
        if (ours) {
            messages.remove(0);
        }
    }
}
