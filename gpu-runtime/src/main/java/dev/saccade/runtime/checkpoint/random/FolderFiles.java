package dev.saccade.runtime.checkpoint.random;

import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The JSON files of a checkpoint folder. What doesn't depend on the shape is taken from the demo model's folder. */
final class FolderFiles {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String LAST_USED = "<|video_pad|>";
    private static final long PUBLISHED_MAX_PIXELS = 12_845_056;

    private final Path demoModel;
    private final Shape shape;
    private final SpecialTokens special;
    private final @Nullable Path tokenizer;

    /** @param tokenizer a {@code tokenizer.json} to take as it is */
    FolderFiles(Path demoModel, Shape shape, @Nullable Path tokenizer) {
        this.demoModel = demoModel;
        this.tokenizer = tokenizer;
        this.shape = shape;
        this.special = shape.specialTokens();
    }

    /** Writes every file but the weights. */
    void write(Path folder, ModelConfig config, List<Shard> shards) throws IOException {
        write(folder, "config.json", config(config));
        write(folder, "generation_config.json", generation());
        write(folder, "preprocessor_config.json", preprocessor());
        writeTokenizer(folder);
        write(folder, "tokenizer_config.json", tokenizerConfig(config.text()));
        write(folder, "chat_template.json", demo("chat_template.json"));
        if (shards.size() > 1) {
            write(folder, "model.safetensors.index.json", index(shards));
        }
    }

    private ObjectNode demo(String name) throws IOException {
        return (ObjectNode) json(demoModel.resolve(name));
    }

    private static void write(Path folder, String name, JsonNode json) throws IOException {
        Files.write(
                folder.resolve(name), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private ObjectNode config(ModelConfig model) {
        TextConfig text = model.text();
        ObjectNode json = MAPPER.createObjectNode();
        json.putArray("architectures").add("Qwen2_5_VLForConditionalGeneration");
        json.put("model_type", "qwen2_5_vl");
        json.put("attention_dropout", 0.0);
        json.put("bos_token_id", special.id("<|endoftext|>"));
        json.put("eos_token_id", special.id("<|im_end|>"));
        json.put("hidden_act", "silu");
        json.put("hidden_size", text.hiddenSize());
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", text.intermediateSize());
        json.put("max_position_embeddings", text.maxPositions());
        json.put("max_window_layers", text.layers());
        json.put("num_attention_heads", text.queryHeads());
        json.put("num_hidden_layers", text.layers());
        json.put("num_key_value_heads", text.keyValueHeads());
        json.put("rms_norm_eps", text.rmsNormEps());
        json.put("rope_theta", text.ropeTheta());
        ObjectNode rope = json.putObject("rope_scaling").put("type", "mrope");
        text.mropeSection().forEach(rope.putArray("mrope_section")::add);
        json.put("sliding_window", 32_768);
        json.put("tie_word_embeddings", text.tieWordEmbeddings());
        json.put("torch_dtype", "bfloat16");
        json.put("use_cache", true);
        json.put("use_sliding_window", false);
        json.put("vocab_size", text.vocabularySize());
        json.set("vision_config", vision(model.vision()));
        json.put("vision_start_token_id", model.visionStartTokenId());
        json.put("vision_end_token_id", model.visionEndTokenId());
        json.put("vision_token_id", special.id("<|vision_pad|>"));
        json.put("image_token_id", model.imageTokenId());
        json.put("video_token_id", model.videoTokenId());
        return json;
    }

    private static ObjectNode vision(VisionConfig vision) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("model_type", "qwen2_5_vl");
        json.put("depth", vision.depth());
        json.put("hidden_act", "silu");
        json.put("hidden_size", vision.hiddenSize());
        json.put("intermediate_size", vision.intermediateSize());
        json.put("num_heads", vision.heads());
        json.put("in_channels", vision.inChannels());
        json.put("in_chans", vision.inChannels());
        json.put("out_hidden_size", vision.outHiddenSize());
        json.put("patch_size", vision.patchSize());
        json.put("spatial_patch_size", vision.patchSize());
        json.put("spatial_merge_size", vision.mergeSize());
        json.put("temporal_patch_size", vision.temporalPatchSize());
        json.put("window_size", vision.windowSize());
        vision.fullAttentionBlocks().stream().sorted().forEach(json.putArray("fullatt_block_indexes")::add);
        json.put("tokens_per_second", (int) vision.tokensPerSecond());
        return json;
    }

    private ObjectNode generation() throws IOException {
        ObjectNode json = demo("generation_config.json");
        json.put("bos_token_id", special.id("<|endoftext|>"));
        json.put("pad_token_id", special.id("<|endoftext|>"));
        json.putArray("eos_token_id").add(special.id("<|im_end|>")).add(special.id("<|endoftext|>"));
        return json;
    }

    private ObjectNode preprocessor() throws IOException {
        ObjectNode json = demo("preprocessor_config.json");
        if (shape != Shape.DEMO) {
            json.put("max_pixels", PUBLISHED_MAX_PIXELS);
        }
        return json;
    }

    private void writeTokenizer(Path folder) throws IOException {
        if (tokenizer != null) {
            requireSpecialTokens(tokenizer);
            Files.copy(tokenizer, folder.resolve("tokenizer.json"));
            return;
        }
        ObjectNode json = demo("tokenizer.json");
        if (shape != Shape.DEMO) {
            SyntheticTokenizer.replaceVocabulary(json, special);
        }
        write(folder, "tokenizer.json", json);
    }

    private void requireSpecialTokens(Path file) throws IOException {
        for (JsonNode added : json(file).path("added_tokens")) {
            if (added.path("content").asString("").equals(LAST_USED)
                    && added.path("id").asInt(-1) == special.id(LAST_USED)) {
                return;
            }
        }
        throw new FileSystemException(
                file.toString(),
                null,
                "shape " + shape.label() + " needs a tokenizer.json whose " + LAST_USED + " is token "
                        + special.id(LAST_USED) + ", as Qwen2.5-VL's");
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return MAPPER.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new FileSystemException(file.toString(), null, "it is not valid JSON");
        }
    }

    private ObjectNode tokenizerConfig(TextConfig text) throws IOException {
        return demo("tokenizer_config.json").put("model_max_length", text.maxPositions());
    }

    private static ObjectNode index(List<Shard> shards) {
        ObjectNode json = MAPPER.createObjectNode();
        long bytes = shards.stream().mapToLong(Shard::dataBytes).sum();
        json.putObject("metadata").put("total_size", bytes);
        Map<String, String> files = new LinkedHashMap<>();
        shards.forEach(shard -> shard.tensors().forEach(tensor -> files.put(tensor.name(), shard.file())));
        json.set("weight_map", MAPPER.valueToTree(files));
        return json;
    }
}
