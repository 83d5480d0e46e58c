package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object of a model folder, whose fields are read with errors that name the file and the field. */
final class JsonFile {

    /** No configuration file comes near this; a larger one is not what it is named. */
    private static final long MAX_BYTES = 64L << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private final String file;
    private final String prefix;
    private final JsonNode node;

    private JsonFile(String file, String prefix, JsonNode node) {
        this.file = file;
        this.prefix = prefix;
        this.node = node;
    }

    static JsonFile read(Path path) {
        String name = String.valueOf(path.getFileName());
        if (!Files.isRegularFile(path)) {
            throw new ModelException(
                    "missing-file", "The model folder has no " + name + "; download the checkpoint again in full.");
        }
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new ModelException(
                        "file-too-large",
                        name + " is larger than " + (MAX_BYTES >> 20) + " MiB, which no configuration file is.");
            }
            return parse(name, Files.readAllBytes(path));
        } catch (IOException e) {
            throw new ModelException("unreadable-file", name + " can't be read; check its permissions.", e);
        }
    }

    static JsonFile parse(String file, byte[] json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new ModelException(
                    "not-json",
                    file + " is not valid JSON; download the checkpoint again, without Git LFS pointers.",
                    e);
        }
        if (!node.isObject()) {
            throw new ModelException("not-json", file + " does not hold a JSON object.");
        }
        return new JsonFile(file, "", node);
    }

    String file() {
        return file;
    }

    JsonNode node() {
        return node;
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    JsonFile object(String field) {
        JsonNode child = node.path(field);
        if (!child.isObject()) {
            throw wrong(field, "an object", child);
        }
        return new JsonFile(file, prefix + field + ".", child);
    }

    int positiveInt(String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw wrong(field, "a positive integer", value);
        }
        return value.intValue();
    }

    int positiveInt(String field, int fallback) {
        return has(field) ? positiveInt(field) : fallback;
    }

    int tokenId(String field) {
        return tokenId(field, node.path(field));
    }

    private int tokenId(String field, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw wrong(field, "a token id", value);
        }
        return value.intValue();
    }

    /** One token id or a list of them. */
    Set<Integer> tokenIds(String field) {
        JsonNode value = node.path(field);
        if (!value.isArray()) {
            return Set.of(tokenId(field, value));
        }
        List<Integer> ids = new ArrayList<>();
        for (JsonNode element : value) {
            ids.add(tokenId(field, element));
        }
        return Set.copyOf(ids);
    }

    double number(String field) {
        JsonNode value = node.path(field);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(field, "a number", value);
        }
        return value.doubleValue();
    }

    double number(String field, double fallback) {
        return has(field) ? number(field) : fallback;
    }

    List<Integer> ints(String field) {
        List<Integer> values = new ArrayList<>();
        for (JsonNode element : array(field)) {
            if (!element.isIntegralNumber() || !element.canConvertToInt()) {
                throw wrong(field, "a list of integers", element);
            }
            values.add(element.intValue());
        }
        return values;
    }

    float[] floats(String field) {
        JsonNode array = array(field);
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            if (!array.get(i).isNumber()) {
                throw wrong(field, "a list of numbers", array.get(i));
            }
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    private JsonNode array(String field) {
        JsonNode value = node.path(field);
        if (!value.isArray()) {
            throw wrong(field, "a list", value);
        }
        return value;
    }

    boolean flag(String field, boolean fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (!node.path(field).isBoolean()) {
            throw wrong(field, "true or false", node.path(field));
        }
        return node.path(field).booleanValue();
    }

    String text(String field, String fallback) {
        if (!has(field)) {
            return fallback;
        }
        if (!node.path(field).isString()) {
            throw wrong(field, "a string", node.path(field));
        }
        return node.path(field).stringValue();
    }

    ModelException wrong(String field, String expected, JsonNode found) {
        String what = found.isMissingNode() || found.isNull() ? "nothing" : abbreviate(found.toString());
        return new ModelException(
                "invalid-config", file + ": " + prefix + field + " must be " + expected + ", but holds " + what + ".");
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
