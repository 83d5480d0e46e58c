package dev.saccade.runtime.text;

import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What {@code tokenizer.json} says: the bytes of each token, and which of them are added tokens. */
final class Vocabulary {

    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_TOKEN_ID = 1 << 22;
    private static final byte[] NOTHING = {};
    private static final JsonMapper MAPPER = new JsonMapper();

    private final byte[][] bytes;
    private final Map<String, Integer> added;
    private final BitSet special;

    private Vocabulary(byte[][] bytes, Map<String, Integer> added, BitSet special) {
        this.bytes = bytes;
        this.added = added;
        this.special = special;
    }

    /** A vocabulary, and {@code tokenizer.json} as the native library is to see it: without added tokens. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Parsed(Vocabulary vocabulary, byte[] jsonWithoutAddedTokens) {}

    static Parsed read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(
                    "missing-file", "The model folder has no tokenizer.json; download the checkpoint again in full.");
        }
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelException("file-too-large", "tokenizer.json is larger than 256 MiB.");
            }
            return parse(MAPPER.readTree(Files.readAllBytes(file)));
        } catch (JacksonException e) {
            throw new ModelException("not-json", "tokenizer.json is not valid JSON; download the checkpoint again.", e);
        } catch (IOException e) {
            throw new ModelException("unreadable-file", "tokenizer.json can't be read; check its permissions.", e);
        }
    }

    private static Parsed parse(JsonNode root) {
        JsonNode model = root.path("model");
        boolean byteLevel = model.path("type").asString("BPE").equals("BPE")
                && root.path("decoder").path("type").asString("").equals("ByteLevel");
        if (!byteLevel || !model.path("vocab").isObject() || !(root instanceof ObjectNode object)) {
            throw new ModelException(
                    "unsupported-tokenizer",
                    "tokenizer.json does not describe a byte-level BPE tokenizer as Qwen2.5's.");
        }
        Vocabulary vocabulary = new Vocabulary(table(root), new HashMap<>(), new BitSet());
        for (Map.Entry<String, JsonNode> entry : model.path("vocab").properties()) {
            byte[] decoded = ByteAlphabet.decode(entry.getKey());
            vocabulary.bytes[entry.getValue().intValue()] =
                    decoded == null ? entry.getKey().getBytes(StandardCharsets.UTF_8) : decoded;
        }
        for (JsonNode token : root.path("added_tokens")) {
            String content = token.path("content").asString("");
            int id = token.path("id").intValue();
            if (!content.isEmpty()) {
                vocabulary.bytes[id] = content.getBytes(StandardCharsets.UTF_8);
                vocabulary.added.put(content, id);
                vocabulary.special.set(id, token.path("special").asBoolean(false));
            }
        }
        return new Parsed(vocabulary, plain(object));
    }

    private static byte[][] table(JsonNode root) {
        int highest = 0;
        for (Map.Entry<String, JsonNode> entry :
                root.path("model").path("vocab").properties()) {
            highest = Math.max(highest, id(entry.getValue()));
        }
        for (JsonNode token : root.path("added_tokens")) {
            highest = Math.max(highest, id(token.path("id")));
        }
        byte[][] table = new byte[highest + 1][];
        Arrays.fill(table, NOTHING);
        return table;
    }

    private static int id(JsonNode node) {
        if (!node.isIntegralNumber()
                || !node.canConvertToInt()
                || node.intValue() < 0
                || node.intValue() > MAX_TOKEN_ID) {
            throw new ModelException("unsupported-tokenizer", "tokenizer.json has a token without a usable id.");
        }
        return node.intValue();
    }

    private static byte[] plain(ObjectNode root) {
        ObjectNode copy = MAPPER.createObjectNode();
        copy.setAll(root);
        copy.putArray("added_tokens");
        return MAPPER.writeValueAsBytes(copy);
    }

    /** One more than the highest token id. */
    int size() {
        return bytes.length;
    }

    byte[] bytes(int id) {
        return id >= 0 && id < bytes.length ? bytes[id] : NOTHING;
    }

    /** Bytes of the longest token. */
    int longestToken() {
        return Arrays.stream(bytes).mapToInt(token -> token.length).max().orElse(0);
    }

    boolean isSpecial(int id) {
        return special.get(id);
    }

    boolean isAdded(int id) {
        return added.containsValue(id);
    }

    /** Content to id of all added tokens, special or not. */
    Map<String, Integer> added() {
        return added;
    }
}
