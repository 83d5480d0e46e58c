package dev.saccade.runtime.text;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds a folder's chat template: {@code chat_template.jinja}, else {@code chat_template.json}, else the field of
 * {@code tokenizer_config.json}. The field holds one template, or several with names, of which "default" is taken.
 */
final class TemplateSource {

    private static final long MAX_BYTES = 8L << 20;
    private static final String FIELD = "chat_template";
    private static final JsonMapper MAPPER = new JsonMapper();

    private TemplateSource() {}

    static String read(Path dir) {
        Path jinja = dir.resolve("chat_template.jinja");
        if (Files.isRegularFile(jinja)) {
            return content(jinja);
        }
        for (String file : new String[] {"chat_template.json", "tokenizer_config.json"}) {
            String template = Files.isRegularFile(dir.resolve(file)) ? field(dir.resolve(file), file) : null;
            if (template != null) {
                return template;
            }
        }
        throw new ModelException(
                "missing-chat-template",
                "The model folder has no chat template; it belongs in chat_template.jinja, chat_template.json or"
                        + " tokenizer_config.json.");
    }

    private static @Nullable String field(Path path, String file) {
        JsonNode node;
        try {
            node = MAPPER.readTree(content(path)).path(FIELD);
        } catch (JacksonException e) {
            throw new ModelException("not-json", file + " is not valid JSON; download the checkpoint again.", e);
        }
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.isString()) {
            return node.stringValue();
        }
        for (JsonNode named : node) {
            if (named.path("name").asString("").equals("default")
                    && named.path("template").isString()) {
                return named.path("template").stringValue();
            }
        }
        throw new ModelException(
                "missing-chat-template",
                file + ": chat_template must be a string, or a list with one named \"default\".");
    }

    private static String content(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ModelException("file-too-large", path.getFileName() + " is larger than 8 MiB.");
            }
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new ModelException(
                    "unreadable-file", path.getFileName() + " can't be read as UTF-8 text; check its permissions.", e);
        }
    }
}
