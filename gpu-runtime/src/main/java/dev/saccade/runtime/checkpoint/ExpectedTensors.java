package dev.saccade.runtime.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** Name and shape of every tensor that a configuration needs, under canonical names. */
public final class ExpectedTensors {

    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String OUTPUT = "lm_head.weight";

    private final Map<String, int[]> shapes = new LinkedHashMap<>();

    private ExpectedTensors() {}

    /** Names and shapes in the order in which checkpoints store them: language model, then vision tower. */
    public static Map<String, int[]> of(ModelConfig config) {
        ExpectedTensors expected = new ExpectedTensors();
        expected.language(config.text());
        expected.vision(config.vision());
        return expected.shapes;
    }

    private void language(TextConfig text) {
        int hidden = text.hiddenSize();
        int queries = text.queryHeads() * text.headSize();
        int keys = text.keyValueHeads() * text.headSize();
        add(EMBEDDING, text.vocabularySize(), hidden);
        for (int layer = 0; layer < text.layers(); layer++) {
            String name = "model.layers." + layer + ".";
            add(name + "input_layernorm.weight", hidden);
            add(name + "post_attention_layernorm.weight", hidden);
            linear(name + "self_attn.q_proj", queries, hidden);
            linear(name + "self_attn.k_proj", keys, hidden);
            linear(name + "self_attn.v_proj", keys, hidden);
            add(name + "self_attn.o_proj.weight", hidden, queries);
            add(name + "mlp.gate_proj.weight", text.intermediateSize(), hidden);
            add(name + "mlp.up_proj.weight", text.intermediateSize(), hidden);
            add(name + "mlp.down_proj.weight", hidden, text.intermediateSize());
        }
        add("model.norm.weight", hidden);
        if (!text.tieWordEmbeddings()) {
            add(OUTPUT, text.vocabularySize(), hidden);
        }
    }

    private void vision(VisionConfig vision) {
        int hidden = vision.hiddenSize();
        int merged = hidden * vision.mergeSize() * vision.mergeSize();
        add(
                "visual.patch_embed.proj.weight",
                hidden,
                vision.inChannels(),
                vision.temporalPatchSize(),
                vision.patchSize(),
                vision.patchSize());
        for (int block = 0; block < vision.depth(); block++) {
            String name = "visual.blocks." + block + ".";
            add(name + "norm1.weight", hidden);
            add(name + "norm2.weight", hidden);
            linear(name + "attn.qkv", 3 * hidden, hidden);
            linear(name + "attn.proj", hidden, hidden);
            linear(name + "mlp.gate_proj", vision.intermediateSize(), hidden);
            linear(name + "mlp.up_proj", vision.intermediateSize(), hidden);
            linear(name + "mlp.down_proj", hidden, vision.intermediateSize());
        }
        add("visual.merger.ln_q.weight", hidden);
        linear("visual.merger.mlp.0", merged, merged);
        linear("visual.merger.mlp.2", vision.outHiddenSize(), merged);
    }

    /** A weight of (out, in) and its bias of (out). */
    private void linear(String name, int out, int in) {
        add(name + ".weight", out, in);
        add(name + ".bias", out);
    }

    private void add(String name, int... shape) {
        shapes.put(name, shape);
    }
}
