package dev.saccade.runtime.media;

import dev.saccade.runtime.VisionOptions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Options as the reference values name them. */
final class VisionOptionsJson {

    static VisionOptions read(JsonNode node) {
        return new VisionOptions(
                decimal(node.get("fps")),
                integer(node.get("nframes")),
                integer(node.get("min_frames")),
                integer(node.get("max_frames")),
                whole(node.get("min_pixels")),
                whole(node.get("max_pixels")),
                whole(node.get("total_pixels")),
                null,
                null,
                decimal(node.get("video_start")),
                decimal(node.get("video_end")),
                false);
    }

    private static @Nullable Double decimal(@Nullable JsonNode node) {
        return node == null ? null : node.doubleValue();
    }

    private static @Nullable Integer integer(@Nullable JsonNode node) {
        return node == null ? null : node.intValue();
    }

    private static @Nullable Long whole(@Nullable JsonNode node) {
        return node == null ? null : node.longValue();
    }

    private VisionOptionsJson() {}
}
