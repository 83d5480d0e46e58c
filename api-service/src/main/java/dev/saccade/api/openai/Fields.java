package dev.saccade.api.openai;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the fields that chat completions and responses share, and writes them as {@code POST /v1/jobs} takes them. */
final class Fields {

    private static final Set<String> SAMPLING = Set.of(
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "repetition_penalty",
            "presence_penalty",
            "frequency_penalty",
            "seed",
            "n",
            "min_tokens",
            "thinking_token_budget",
            "stop_token_ids",
            "ignore_eos",
            "logit_bias",
            "bad_words",
            "structured_outputs");

    private final ObjectNode body;

    Fields(ObjectNode body) {
        this.body = body;
    }

    /** The names that a record's components have in JSON. */
    static Set<String> names(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode value = body.get(name);
        return value == null || value.isNull() ? null : value;
    }

    boolean isTrue(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isBoolean()) {
            throw ProblemException.invalid("invalid-field", "/" + name, "Give true or false.");
        }
        return value != null && value.booleanValue();
    }

    /** @throws ProblemException for a field that nobody knows, or that asks for what the model can't do */
    void require(Set<String> known, Set<String> impossible) {
        for (String name : body.propertyNames()) {
            JsonNode value = get(name);
            boolean asks = value != null && !(value.isArray() && value.isEmpty());
            if (impossible.contains(name) && asks) {
                throw ProblemException.invalid(
                        "unsupported-field", "/" + name, "This model can't do that: leave the field out.");
            }
            if (!known.contains(name) && !impossible.contains(name)) {
                throw ProblemException.invalid(
                        "unknown-field", "/" + name, "There is no such field. Check its spelling, or leave it out.");
            }
        }
    }

    ObjectNode sampling() {
        ObjectNode sampling = ApiJson.MAPPER.createObjectNode();
        for (String name : SAMPLING) {
            JsonNode value = get(name);
            if (value != null) {
                sampling.set(name, value);
            }
        }
        JsonNode stop = get("stop");
        if (stop != null) {
            ArrayNode stops = stop instanceof ArrayNode list
                    ? list
                    : ApiJson.MAPPER.createArrayNode().add(stop);
            sampling.set("stop", stops);
        }
        return sampling;
    }

    /** Which frames to look at: vLLM's names for it, and ours. */
    @Nullable
    ObjectNode vision() {
        ObjectNode vision = ApiJson.MAPPER.createObjectNode();
        merge(vision, get("mm_processor_kwargs"), "/mm_processor_kwargs");
        JsonNode io = get("media_io_kwargs");
        if (io != null) {
            merge(vision, io.get("video"), "/media_io_kwargs/video");
        }
        return vision.isEmpty() ? null : vision;
    }

    private static void merge(ObjectNode vision, @Nullable JsonNode options, String pointer) {
        if (options == null || options.isNull()) {
            return;
        }
        if (!options.isObject()) {
            throw ProblemException.invalid("invalid-field", pointer, "Give an object, such as {\"fps\": 4}.");
        }
        for (var option : options.properties()) {
            switch (option.getKey()) {
                case "num_frames" -> vision.set("nframes", option.getValue());
                case "do_sample_frames" -> {} // always done
                default -> vision.set(option.getKey(), option.getValue());
            }
        }
    }

    /** What {@code response_format}, or {@code text.format}, asks for. */
    static void format(@Nullable JsonNode format, String pointer, ObjectNode sampling) {
        if (format == null || format.isNull()) {
            return;
        }
        String type = format.path("type").asString("");
        switch (type) {
            case "text" -> {}
            case "json_object" ->
                sampling.putObject("structured_outputs").putObject("json").put("type", "object");
            case "json_schema" -> {
                // chat completions have the schema one level deeper than responses
                JsonNode holder = format.has("json_schema") ? format.path("json_schema") : format;
                JsonNode schema = holder.get("schema");
                if (schema == null || !schema.isObject()) {
                    throw ProblemException.invalid(
                            "invalid-field", pointer, "Give the format a schema: a JSON schema.");
                }
                sampling.putObject("structured_outputs").set("json", schema);
            }
            default ->
                throw ProblemException.invalid(
                        "invalid-field", pointer + "/type", "Give text, json_object or json_schema.");
        }
    }

    /** For streams: an attempt that is lost half-way is written again by another, which has to write the same. */
    static void fixSeed(ObjectNode sampling) {
        if (!sampling.has("seed")) {
            sampling.put("seed", ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE));
        }
    }
}
