package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobView;
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
        if (changes.has("reasoning") && !otherTurns) {
            dropPrompt((ArrayNode) submission.get("messages"));
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
