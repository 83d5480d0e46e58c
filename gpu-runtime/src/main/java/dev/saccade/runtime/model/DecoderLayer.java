package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.Matrix;
import java.util.List;

/** Weights of one layer of the language model. */
record DecoderLayer(
        DeviceBuffer attentionNorm, // (hidden)
        Matrix qkv, // ((query + 2 * key-value heads) * size, hidden)
        DeviceBuffer qkvBias,
        Matrix output, // (hidden, query heads * size)
        DeviceBuffer mlpNorm, // (hidden)
        Matrix gateUp, // (2 * intermediate, hidden)
        Matrix down) { // (hidden, intermediate)

    static DecoderLayer load(Checkpoint checkpoint, Device device, Heads heads, int index) {
        TextConfig config = checkpoint.config().text();
        int hidden = config.hiddenSize();
        int query = heads.query() * heads.size();
        int keyValue = heads.keyValue() * heads.size();
        String name = "model.layers." + index + ".";
        return new DecoderLayer(
                device.vector(List.of(checkpoint.tensor(name + "input_layernorm.weight", hidden))),
                device.matrix(List.of(
                        checkpoint.tensor(name + "self_attn.q_proj.weight", query, hidden),
                        checkpoint.tensor(name + "self_attn.k_proj.weight", keyValue, hidden),
                        checkpoint.tensor(name + "self_attn.v_proj.weight", keyValue, hidden))),
                device.vector(List.of(
                        checkpoint.tensor(name + "self_attn.q_proj.bias", query),
                        checkpoint.tensor(name + "self_attn.k_proj.bias", keyValue),
                        checkpoint.tensor(name + "self_attn.v_proj.bias", keyValue))),
                device.matrix(List.of(checkpoint.tensor(name + "self_attn.o_proj.weight", hidden, query))),
                device.vector(List.of(checkpoint.tensor(name + "post_attention_layernorm.weight", hidden))),
                device.matrix(List.of(
                        checkpoint.tensor(name + "mlp.gate_proj.weight", config.intermediateSize(), hidden),
                        checkpoint.tensor(name + "mlp.up_proj.weight", config.intermediateSize(), hidden))),
                device.matrix(
                        List.of(checkpoint.tensor(name + "mlp.down_proj.weight", hidden, config.intermediateSize()))));
    }
}
