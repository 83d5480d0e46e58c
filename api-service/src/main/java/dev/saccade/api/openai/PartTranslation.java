package dev.saccade.api.openai;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.openai.RequestMedia.Found;
import dev.saccade.api.problems.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes the turns of a conversation as {@code POST /v1/jobs} takes them. Media are stored on the way. */
final class PartTranslation {

    private static final String TYPES = "Give the part a type: text, image_url, video_url or file.";

    private final RequestMedia media;
    private final int maxMedia;
    private int count;

    /** @param maxMedia a job's; nothing is stored for a request that has more */
    PartTranslation(RequestMedia media, int maxMedia) {
        this.media = media;
        this.maxMedia = maxMedia;
    }

    /** A turn's content. */
    JsonNode content(@Nullable JsonNode content, String pointer) {
        if (content == null || content.isNull()) {
            throw ProblemException.invalid("question-empty", pointer, "The message is empty.");
        }
        if (content.isString()) {
            return content;
        }
        if (!content.isArray()) {
            throw ProblemException.invalid("invalid-field", pointer, "Give content as a text or a list of parts.");
        }
        ArrayNode parts = ApiJson.MAPPER.createArrayNode();
        for (int i = 0; i < content.size(); i++) {
            JsonNode given = content.get(i);
            ObjectNode part = part(given, pointer + "/" + i);
            if (given.has("marks")) {
                part.set("marks", given.get("marks")); // as in /v1/jobs
            }
            parts.add(part);
        }
        return parts;
    }

    private ObjectNode part(JsonNode part, String pointer) {
        String type = part.path("type").asString("");
        return switch (type) {
            case "text", "input_text", "output_text" -> text(part, pointer);
            case "image_url", "video_url" ->
                shown(linked(part.path(type), pointer + "/" + type), type.equals("image_url"));
            case "input_image" -> shown(flat(part, "image_url", pointer), true);
            case "input_video" -> shown(flat(part, "video_url", pointer), false);
            case "file" -> file(part.path("file"), pointer + "/file");
            case "input_file" -> file(part, pointer);
            case "" -> throw ProblemException.invalid("invalid-field", pointer, TYPES);
            default ->
                throw ProblemException.invalid(
                        "unsupported-part", pointer + "/type", "Parts of this type are not taken. " + TYPES);
        };
    }

    private static ObjectNode text(JsonNode part, String pointer) {
        if (!part.path("text").isString()) {
            throw ProblemException.invalid("invalid-field", pointer + "/text", "Give a text.");
        }
        return ApiJson.MAPPER
                .createObjectNode()
                .put("type", "text")
                .put("text", part.path("text").stringValue());
    }

    /** {@code {"url": ...}} or {@code {"file_id": ...}}, or, as some clients write it, the URL alone. */
    private Found linked(JsonNode link, String pointer) {
        if (link.isString()) {
            return url(link.stringValue(), pointer);
        }
        return flat(link, "url", pointer);
    }

    private Found flat(JsonNode link, String name, String pointer) {
        JsonNode url = link.path(name);
        JsonNode id = link.path("file_id");
        if (url.isObject()) {
            return linked(url, pointer + "/" + name);
        }
        if (url.isString() == id.isString()) {
            throw ProblemException.invalid("invalid-field", pointer, "Give either " + name + " or file_id, as a text.");
        }
        return url.isString()
                ? url(url.stringValue(), pointer + "/" + name)
                : counted(pointer, () -> media.file(id.stringValue(), pointer + "/file_id"));
    }

    /** A file may be either; {@code file_data} is a data URL. */
    private ObjectNode file(JsonNode file, String pointer) {
        Found found;
        if (file.path("file_id").isString()) {
            found = counted(pointer, () -> media.file(file.path("file_id").stringValue(), pointer + "/file_id"));
        } else {
            String name = List.of("file_data", "file_url").stream()
                    .filter(field -> file.path(field).isString())
                    .findFirst()
                    .orElseThrow(
                            () -> ProblemException.invalid("invalid-field", pointer, "Give file_id or file_data."));
            found = url(file.path(name).stringValue(), pointer + "/" + name);
        }
        return shown(found, found.image());
    }

    private Found url(String url, String pointer) {
        return counted(pointer, () -> media.url(url, pointer));
    }

    private Found counted(String pointer, java.util.function.Supplier<Found> find) {
        if (++count > maxMedia) {
            throw ProblemException.invalid(
                    "too-many-media", pointer, "A request takes at most " + maxMedia + " videos and images.");
        }
        return find.get();
    }

    private static ObjectNode shown(Found found, boolean image) {
        return ApiJson.MAPPER
                .createObjectNode()
                .put("type", image ? "image" : "video")
                .put("video", found.video());
    }
}
