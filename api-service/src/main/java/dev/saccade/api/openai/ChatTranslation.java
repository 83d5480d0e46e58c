package dev.saccade.api.openai;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a chat completion's request as {@code POST /v1/jobs} takes it. */
final class ChatTranslation {

    private static final Set<String> KNOWN = Fields.names(ChatCompletionRequest.class);
    private static final Set<String> IMPOSSIBLE = Set.of(
            "tools",
            "tool_choice",
            "functions",
            "function_call",
            "audio",
            "prediction",
            "web_search_options",
            "modalities",
            "verbosity");

    private ChatTranslation() {}

    /**
     * What answers a request, beside its job.
     *
     * @param submission as {@code POST /v1/jobs} takes it
     */
    record Asked(ObjectNode submission, String model, boolean stream, boolean usage, int answers) {}

    /**
     * Translates a body.
     *
     * @throws ProblemException with a pointer into it
     */
    static Asked asked(ObjectNode body, PartTranslation parts, OpenAiProperties properties) {
        var fields = new Fields(body);
        String model = Models.require(fields.get("model"), properties);
        textOnly(body);
        fields.require(KNOWN, IMPOSSIBLE);
        boolean stream = fields.isTrue("stream");
        ObjectNode sampling = sampling(fields, stream);
        ObjectNode submission = ApiJson.MAPPER.createObjectNode();
        submission.set("sampling", sampling);
        JsonNode vision = fields.vision();
        if (vision != null) {
            submission.set("vision", vision);
        }
        submission.put("reasoning", reasoning(fields));
        submission.put("number_media", fields.isTrue("number_media"));
        submission.put("priority", isFlexible(fields) ? "batch" : "interactive");
        submission.putArray("tags").add("openai");
        submission.set("messages", messages(fields.get("messages"), parts));
        JsonNode options = fields.get("stream_options");
        return new Asked(
                submission,
                model,
                stream,
                options != null && options.path("include_usage").asBoolean(false),
                sampling.path("n").asInt(1));
    }

    /** Clients that can more say that they want text: that is no wish. */
    private static void textOnly(ObjectNode body) {
        JsonNode modalities = body.get("modalities");
        if (modalities != null
                && modalities.size() == 1
                && modalities.get(0).asString("").equals("text")) {
            body.remove("modalities");
        }
        if (body.path("tool_choice").asString("").equals("none")) {
            body.remove("tool_choice");
        }
    }

    private static ObjectNode sampling(Fields fields, boolean stream) {
        ObjectNode sampling = fields.sampling();
        JsonNode most = fields.get("max_completion_tokens");
        if (most == null) {
            most = fields.get("max_tokens");
        }
        if (most != null) {
            sampling.set("max_tokens", most);
        }
        if (stream) {
            Fields.fixSeed(sampling);
        }
        JsonNode top = fields.get("top_logprobs");
        if (fields.isTrue("logprobs")) {
            if (top == null) {
                sampling.put("logprobs", 0);
            } else {
                sampling.set("logprobs", top);
            }
        } else if (top != null) {
            throw ProblemException.invalid("invalid-field", "/top_logprobs", "Set logprobs to true with it.");
        }
        Fields.format(fields.get("response_format"), "/response_format", sampling);
        return sampling;
    }

    private static boolean reasoning(Fields fields) {
        JsonNode effort = fields.get("reasoning_effort");
        JsonNode template = fields.get("chat_template_kwargs");
        boolean off = effort != null && effort.asString("").equals("none");
        return !off && (template == null || template.path("enable_thinking").asBoolean(true));
    }

    private static boolean isFlexible(Fields fields) {
        JsonNode tier = fields.get("service_tier");
        return tier != null && tier.asString("").equals("flex");
    }

    private static ArrayNode messages(@Nullable JsonNode given, PartTranslation parts) {
        if (given == null || !given.isArray()) {
            throw ProblemException.invalid("invalid-field", "/messages", "Give a list of messages.");
        }
        ArrayNode messages = ApiJson.MAPPER.createArrayNode();
        for (int i = 0; i < given.size(); i++) {
            JsonNode message = given.get(i);
            String pointer = "/messages/" + i;
            String role = message.path("role").asString("");
            ObjectNode turn = messages.addObject();
            turn.put("role", role(role, pointer));
            turn.set("content", parts.content(message.get("content"), pointer + "/content"));
        }
        return messages;
    }

    static String role(String role, String pointer) {
        return switch (role) {
            case "system", "developer" -> "system";
            case "user", "assistant" -> role;
            default ->
                throw ProblemException.invalid(
                        "invalid-field", pointer + "/role", "Give system, developer, user or assistant.");
        };
    }
}
