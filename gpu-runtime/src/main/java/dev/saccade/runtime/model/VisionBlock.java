package dev.saccade.runtime.model;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.VisionConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Matrix;
import java.util.List;

/** Weights of one block of the vision tower; {@code full} where it attends across windows. */
record VisionBlock(
        boolean full,
        DeviceBuffer attentionNorm, // (hidden)
        Matrix qkv, // (3 * hidden, hidden)
        DeviceBuffer qkvBias,
        Matrix projection, // (hidden, hidden)
        DeviceBuffer projectionBias,
        DeviceBuffer mlpNorm, // (hidden)
        Matrix gateUp, // (2 * intermediate, hidden)
        DeviceBuffer gateUpBias,
        Matrix down, // (hidden, intermediate)
        DeviceBuffer downBias) {

    static VisionBlock load(Checkpoint checkpoint, Device device, int index) {
        VisionConfig config = checkpoint.config().vision();
        int hidden = config.hiddenSize();
        int intermediate = config.intermediateSize();
        String name = "visual.blocks." + index + ".";
        return new VisionBlock(
                config.fullAttentionBlocks().contains(index),
                device.vector(List.of(checkpoint.tensor(name + "norm1.weight", hidden))),
                device.matrix(List.of(checkpoint.tensor(name + "attn.qkv.weight", 3 * hidden, hidden))),
                device.vector(List.of(checkpoint.tensor(name + "attn.qkv.bias", 3 * hidden))),
                device.matrix(List.of(checkpoint.tensor(name + "attn.proj.weight", hidden, hidden))),
                device.vector(List.of(checkpoint.tensor(name + "attn.proj.bias", hidden))),
                device.vector(List.of(checkpoint.tensor(name + "norm2.weight", hidden))),
                device.matrix(List.of(
                        checkpoint.tensor(name + "mlp.gate_proj.weight", intermediate, hidden),
                        checkpoint.tensor(name + "mlp.up_proj.weight", intermediate, hidden))),
                device.vector(List.of(
                        checkpoint.tensor(name + "mlp.gate_proj.bias", intermediate),
                        checkpoint.tensor(name + "mlp.up_proj.bias", intermediate))),
                device.matrix(List.of(checkpoint.tensor(name + "mlp.down_proj.weight", hidden, intermediate))),
                device.vector(List.of(checkpoint.tensor(name + "mlp.down_proj.bias", hidden))));
    }
}
