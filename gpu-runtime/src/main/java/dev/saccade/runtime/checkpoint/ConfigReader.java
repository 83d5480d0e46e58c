package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code config.json} of the Qwen2.5-VL architecture: text fields nested in {@code text_config}, or at the top. */
final class ConfigReader {

    private static final String MODEL_TYPE = "qwen2_5_vl";
    private static final Set<String> KNOWN_ROPE = Set.of("mrope", "default");

    private ConfigReader() {}

    static ModelConfig read(Path dir) {
        JsonFile config = JsonFile.read(dir.resolve("config.json"));
        String type = config.text("model_type", "");
        if (!type.equals(MODEL_TYPE)) {
            throw new ModelException(
                    "unsupported-architecture",
                    "The folder holds a model of type " + (type.isEmpty() ? "unknown" : "\"" + type + "\"")
                            + "; this engine runs \"" + MODEL_TYPE + "\" (Qwen2.5-VL, Cosmos-Reason1).");
        }
        boolean nested = config.has("text_config");
        JsonFile textFields = nested ? config.object("text_config") : config;
        refuseQuantised(config);
        refuseQuantised(textFields);
        boolean tied = config.flag("tie_word_embeddings", textFields.flag("tie_word_embeddings", false));
        TextConfig text = text(textFields, tied);
        VisionConfig vision = vision(config.object("vision_config"), text);
        ModelConfig model = new ModelConfig(
                text,
                vision,
                config.tokenId("image_token_id"),
                config.tokenId("video_token_id"),
                config.tokenId("vision_start_token_id"),
                config.tokenId("vision_end_token_id"),
                eosTokenIds(dir, config, textFields));
        checkTokenIds(model);
        return model;
    }

    private static TextConfig text(JsonFile json, boolean tied) {
        int hidden = json.positiveInt("hidden_size");
        int heads = json.positiveInt("num_attention_heads");
        int keyValueHeads = json.positiveInt("num_key_value_heads", heads);
        requireDivides(json, "num_attention_heads", heads, "num_key_value_heads", keyValueHeads);
        if (!json.has("head_dim")) {
            requireDivides(json, "hidden_size", hidden, "num_attention_heads", heads);
        }
        int headSize = json.positiveInt("head_dim", hidden / heads);
        requireActivation(json);
        if (json.flag("use_sliding_window", false)) {
            throw new ModelException(
                    "unsupported-attention", "The model uses sliding-window attention, which this engine doesn't run.");
        }
        JsonFile rope = json.object(json.has("rope_parameters") ? "rope_parameters" : "rope_scaling");
        List<Integer> section = mropeSection(rope, headSize);
        return new TextConfig(
                hidden,
                json.positiveInt("num_hidden_layers"),
                heads,
                keyValueHeads,
                headSize,
                json.positiveInt("intermediate_size"),
                json.positiveInt("vocab_size"),
                json.positiveInt("max_position_embeddings"),
                positive(json, "rms_norm_eps", json.number("rms_norm_eps", 1e-6)),
                positive(json, "rope_theta", rope.number("rope_theta", json.number("rope_theta", 1e6))),
                section,
                tied);
    }

    private static List<Integer> mropeSection(JsonFile rope, int headSize) {
        String type = rope.text("rope_type", rope.text("type", "mrope"));
        // newer exports write both names: type "mrope" and rope_type "default"
        if (!KNOWN_ROPE.contains(type) || !KNOWN_ROPE.contains(rope.text("type", type))) {
            throw new ModelException(
                    "unsupported-rope",
                    "The model's rotary embedding is of type \"" + type + "\"; this engine runs \"mrope\".");
        }
        List<Integer> section = rope.ints("mrope_section");
        int sum = section.stream().mapToInt(Integer::intValue).sum();
        if (section.size() != 3 || section.stream().anyMatch(part -> part < 1) || 2 * sum != headSize) {
            throw rope.wrong(
                    "mrope_section",
                    "three positive integers that sum to half of the head size " + headSize,
                    rope.node().path("mrope_section"));
        }
        return section;
    }

    private static VisionConfig vision(JsonFile json, TextConfig text) {
        int hidden = json.positiveInt("hidden_size");
        int heads = json.positiveInt("num_heads");
        requireDivides(json, "hidden_size", hidden, "num_heads", heads);
        if (hidden / heads % 4 != 0) {
            throw new ModelException(
                    "unsupported-size",
                    "The vision tower's heads have " + hidden / heads
                            + " values; two-dimensional rotary positions need a multiple of 4.");
        }
        requireActivation(json);
        int depth = json.positiveInt("depth");
        int patch = json.positiveInt("patch_size", 14);
        int merge = json.positiveInt("spatial_merge_size", 2);
        int window = json.positiveInt("window_size", 112);
        requireDivides(json, "window_size", window, "patch_size * spatial_merge_size", patch * merge);
        int out = json.positiveInt("out_hidden_size");
        if (out != text.hiddenSize()) {
            throw new ModelException(
                    "inconsistent-config",
                    "config.json: vision_config.out_hidden_size is " + out
                            + ", but the language model's hidden_size is " + text.hiddenSize()
                            + "; they must be equal.");
        }
        List<Integer> full = json.ints("fullatt_block_indexes");
        if (full.stream().anyMatch(block -> block < 0 || block >= depth)) {
            throw json.wrong(
                    "fullatt_block_indexes",
                    "a list of block numbers below " + depth,
                    json.node().path("fullatt_block_indexes"));
        }
        return new VisionConfig(
                depth,
                hidden,
                json.positiveInt("intermediate_size"),
                heads,
                json.positiveInt("in_channels", json.positiveInt("in_chans", 3)),
                patch,
                json.positiveInt("temporal_patch_size", 2),
                merge,
                window,
                out,
                new HashSet<>(full),
                positive(json, "tokens_per_second", json.number("tokens_per_second", 4)));
    }

    private static Set<Integer> eosTokenIds(Path dir, JsonFile config, JsonFile text) {
        Path generation = dir.resolve("generation_config.json");
        if (Files.exists(generation)) {
            JsonFile json = JsonFile.read(generation);
            if (json.has("eos_token_id")) {
                return json.tokenIds("eos_token_id");
            }
        }
        return (config.has("eos_token_id") ? config : text).tokenIds("eos_token_id");
    }

    private static void checkTokenIds(ModelConfig model) {
        Set<Integer> ids = new HashSet<>(model.eosTokenIds());
        ids.add(model.imageTokenId());
        ids.add(model.videoTokenId());
        ids.add(model.visionStartTokenId());
        ids.add(model.visionEndTokenId());
        for (int id : ids) {
            if (id >= model.text().vocabularySize()) {
                throw new ModelException(
                        "inconsistent-config",
                        "The configuration names token " + id + ", but vocab_size is "
                                + model.text().vocabularySize() + ".");
            }
        }
    }

    private static void refuseQuantised(JsonFile json) {
        if (json.has("quantization_config")) {
            JsonNode method = json.node().path("quantization_config").path("quant_method");
            throw new ModelException(
                    "unsupported-quantization",
                    "The checkpoint is quantised (" + method.asString("unknown method")
                            + "); this engine reads BF16, F16 and F32 weights.");
        }
    }

    private static void requireActivation(JsonFile json) {
        String activation = json.text("hidden_act", "silu");
        if (!activation.equals("silu")) {
            throw json.wrong("hidden_act", "\"silu\"", json.node().path("hidden_act"));
        }
    }

    private static void requireDivides(JsonFile json, String name, int value, String divisorName, int divisor) {
        if (value % divisor != 0) {
            throw new ModelException(
                    "unsupported-size",
                    json.file() + ": " + name + " is " + value + ", which is not a multiple of " + divisorName + " ("
                            + divisor + ").");
        }
    }

    private static double positive(JsonFile json, String field, double value) {
        if (value <= 0) {
            throw json.wrong(field, "a positive number", json.node().path(field));
        }
        return value;
    }
}
