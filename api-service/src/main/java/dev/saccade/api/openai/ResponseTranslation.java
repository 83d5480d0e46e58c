package dev.saccade.api.openai;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a response's request as {@code POST /v1/jobs} takes it. */
final class ResponseTranslation {

    /** A tag of jobs that nobody waits for. */
    static final String BACKGROUND = "background";

    private static final Set<String> KNOWN = Fields.names(ResponseRequest.class);
    private static final Set<String> IMPOSSIBLE =
            Set.of("tools", "tool_choice", "previous_response_id", "conversation", "prompt", "max_tool_calls");

    private ResponseTranslation() {}

    /**
     * What answers a request, beside its job.
     *
     * @param submission as {@code POST /v1/jobs} takes it
     */
    record Asked(ObjectNode submission, String model, boolean background, boolean stream) {}

    /**
     * Translates a body.
     *
     * @throws ProblemException with a pointer into it
     */
    static Asked asked(ObjectNode body, PartTranslation parts, OpenAiProperties properties) {
        var fields = new Fields(body);
        String model = Models.require(fields.get("model"), properties);
        fields.require(KNOWN, IMPOSSIBLE);
        boolean stream = fields.isTrue("stream");
        boolean background = fields.isTrue("background");
        ObjectNode submission = ApiJson.MAPPER.createObjectNode();
        ObjectNode sampling = sampling(fields);
        if (stream) {
            Fields.fixSeed(sampling);
        }
        submission.set("sampling", sampling);
        JsonNode vision = fields.vision();
        if (vision != null) {
            submission.set("vision", vision);
        }
        JsonNode reasoning = fields.get("reasoning");
        submission.put(
                "reasoning",
                reasoning == null || !reasoning.path("effort").asString("").equals("none"));
        submission.put("number_media", fields.isTrue("number_media"));
        submission.put("priority", background ? "standard" : "interactive");
        ArrayNode tags = submission.putArray("tags").add("openai");
        if (background) {
            tags.add(BACKGROUND);
        }
        submission.set("messages", messages(fields, parts));
        return new Asked(submission, model, background, stream);
    }

    private static ObjectNode sampling(Fields fields) {
        ObjectNode sampling = fields.sampling();
        JsonNode most = fields.get("max_output_tokens");
        if (most != null) {
            sampling.set("max_tokens", most);
        }
        JsonNode text = fields.get("text");
        if (text != null) {
            Fields.format(text.get("format"), "/text/format", sampling);
        }
        return sampling;
    }

    private static ArrayNode messages(Fields fields, PartTranslation parts) {
        ArrayNode messages = ApiJson.MAPPER.createArrayNode();
        JsonNode instructions = fields.get("instructions");
        if (instructions != null) {
            messages.addObject().put("role", "system").set("content", parts.content(instructions, "/instructions"));
        }
        JsonNode input = fields.get("input");
        if (input == null || input.isString()) {
            messages.addObject().put("role", "user").set("content", parts.content(input, "/input"));
        } else if (input.isArray()) {
            for (int i = 0; i < input.size(); i++) {
                turn(input.get(i), "/input/" + i, parts, messages);
            }
        } else {
            throw ProblemException.invalid("invalid-field", "/input", "Give a text or a list of messages.");
        }
        return messages;
    }

    private static void turn(@Nullable JsonNode item, String pointer, PartTranslation parts, ArrayNode messages) {
        String type = item == null ? "" : item.path("type").asString("message");
        if (item == null || !type.equals("message")) {
            // a client that sends a response's output back sends its reasoning too
            if (type.equals("reasoning")) {
                return;
            }
            throw ProblemException.invalid("unsupported-item", pointer, "Only messages are taken here.");
        }
        String role = ChatTranslation.role(item.path("role").asString(""), pointer);
        messages.addObject().put("role", role).set("content", parts.content(item.get("content"), pointer + "/content"));
    }
}
