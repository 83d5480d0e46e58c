package dev.saccade.runtime.text;

import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The conversations of {@code goldens/prompts.json}. */
final class GoldenPrompts {

    static final Path DEMO = Path.of(System.getProperty("saccade.home"), "gpu-runtime/demo-model");

    /** One conversation with what the reference makes of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Prompt(
            String name,
            List<Message> messages,
            boolean numberMedia,
            List<MropePositions.Grid> grids,
            String text,
            int[] ids,
            int[][] positions,
            int delta) {

        int[] visualTokens() {
            return grids.stream()
                    .mapToInt(grid -> grid.t() * grid.h() * grid.w() / 4)
                    .toArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private GoldenPrompts() {}

    static JsonNode json(String golden) {
        try (InputStream in = GoldenPrompts.class.getResourceAsStream("/goldens/" + golden)) {
            return new JsonMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<Prompt> all() {
        List<Prompt> prompts = new ArrayList<>();
        for (JsonNode node : json("prompts.json")) {
            prompts.add(new Prompt(
                    node.path("name").stringValue(),
                    messages(node.path("messages")),
                    node.path("add_vision_id").booleanValue(),
                    grids(node.path("media")),
                    node.path("text").stringValue(),
                    ints(node.path("ids")),
                    new int[][] {
                        ints(node.path("positions").get(0)),
                        ints(node.path("positions").get(1)),
                        ints(node.path("positions").get(2))
                    },
                    node.path("position_delta").intValue()));
        }
        return prompts;
    }

    static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    private static List<MropePositions.Grid> grids(JsonNode media) {
        List<MropePositions.Grid> grids = new ArrayList<>();
        for (JsonNode node : media) {
            int[] thw = ints(node.path("grid_thw"));
            JsonNode fps = node.path("sampled_fps");
            grids.add(new MropePositions.Grid(thw[0], thw[1], thw[2], fps.isNull() ? 0 : 2.0 / fps.doubleValue()));
        }
        return grids;
    }

    private static List<Message> messages(JsonNode array) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode node : array) {
            Message.Role role =
                    Message.Role.valueOf(node.path("role").stringValue().toUpperCase(Locale.ROOT));
            messages.add(new Message(role, parts(node.path("content"))));
        }
        return messages;
    }

    private static List<Part> parts(JsonNode content) {
        if (content.isString()) {
            return List.of(new Part.Text(content.stringValue()));
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : content) {
            parts.add(
                    switch (part.path("type").stringValue()) {
                        case "text" -> new Part.Text(part.path("text").stringValue());
                        case "image" -> new Part.Image(Path.of("image.jpg"));
                        default -> new Part.Video(Path.of("video.mp4"));
                    });
        }
        return parts;
    }
}
