package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.media.PreprocessorBounds;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkpoint's own sampling parameters and image bounds. */
final class Defaults {

    /** What the model card of Cosmos-Reason1-7B asks for; used where the folder has no generation_config.json. */
    private static final SamplingParameters CARD = sampling(0.6, 0.95, 0, 1.05);

    private Defaults() {}

    /**
     * Temperature, top_p, top_k and repetition_penalty of {@code generation_config.json}; neutral where it leaves one
     * out, and greedy where {@code do_sample} is false.
     */
    static SamplingParameters sampling(Path dir) {
        Path file = dir.resolve("generation_config.json");
        if (!Files.exists(file)) {
            return CARD;
        }
        JsonFile json = JsonFile.read(file);
        double temperature = json.flag("do_sample", true) ? range(json, "temperature", 1, 0, 100) : 0;
        double topP = range(json, "top_p", 1, Double.MIN_VALUE, 1);
        double topK = range(json, "top_k", 0, -1, Integer.MAX_VALUE);
        double penalty = range(json, "repetition_penalty", 1, Double.MIN_VALUE, 100);
        return sampling(temperature, topP, Math.max(0, (int) topK), penalty);
    }

    private static double range(JsonFile json, String field, double fallback, double low, double high) {
        double value = json.number(field, fallback);
        if (value < low || value > high) {
            throw json.wrong(field, "a number in range", json.node().path(field));
        }
        return value;
    }

    private static SamplingParameters sampling(double temperature, double topP, int topK, double penalty) {
        return SamplingParameters.greedy().toBuilder()
                .temperature(temperature)
                .topP(topP)
                .topK(topK)
                .repetitionPenalty(penalty)
                .build();
    }

    /** {@code preprocessor_config.json}, or {@code image_processor} in the newer {@code processor_config.json}. */
    static PreprocessorBounds preprocessor(Path dir, VisionConfig vision) {
        Path newer = dir.resolve("processor_config.json");
        Path older = dir.resolve("preprocessor_config.json");
        JsonFile json = !Files.exists(older) && Files.exists(newer)
                ? JsonFile.read(newer).object("image_processor")
                : JsonFile.read(older);
        long min;
        long max;
        if (json.has("min_pixels") || !json.has("size")) {
            min = json.positiveInt("min_pixels");
            max = json.positiveInt("max_pixels");
        } else {
            JsonFile size = json.object("size");
            min = size.positiveInt("shortest_edge");
            max = size.positiveInt("longest_edge");
        }
        float[] mean = json.floats("image_mean");
        float[] std = json.floats("image_std");
        if (min > max || mean.length != 3 || std.length != 3 || !positive(std)) {
            throw new ModelException(
                    "invalid-config",
                    json.file()
                            + ": needs min_pixels <= max_pixels, three values of image_mean and three positive values"
                            + " of image_std.");
        }
        requireEqual(json, "patch_size", vision.patchSize());
        requireEqual(json, "temporal_patch_size", vision.temporalPatchSize());
        requireEqual(json, "merge_size", vision.mergeSize());
        return new PreprocessorBounds(
                min, max, mean, std, vision.patchSize(), vision.temporalPatchSize(), vision.mergeSize());
    }

    private static boolean positive(float[] values) {
        for (float value : values) {
            if (!(value > 0)) {
                return false;
            }
        }
        return true;
    }

    private static void requireEqual(JsonFile json, String field, int expected) {
        int found = json.positiveInt(field, expected);
        if (found != expected) {
            throw new ModelException(
                    "inconsistent-config",
                    json.file() + ": " + field + " is " + found + ", but the vision tower in config.json has "
                            + expected + ".");
        }
    }
}
