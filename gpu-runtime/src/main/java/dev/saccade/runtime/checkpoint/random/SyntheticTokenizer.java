package dev.saccade.runtime.checkpoint.random;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A byte-level BPE tokenizer of Qwen2.5's size and special tokens whose merges are made up: the 256 bytes, then strings of
 * two, three and four letters, with and without a space before them. It splits texts by Qwen2.5's rule, and an
 * ordinary text takes about as many tokens as with the published vocabulary; the tokens themselves are others.
 */
final class SyntheticTokenizer {

    private static final String SPACE = "\u0120"; // how the byte alphabet writes a space
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    private final int size;
    private final List<String> tokens;
    private final Set<String> known;
    private final List<String> merges = new ArrayList<>();

    private SyntheticTokenizer(List<String> bytes, int size) {
        this.size = size;
        this.tokens = new ArrayList<>(bytes);
        this.known = new HashSet<>(bytes);
    }

    /**
     * Replaces the vocabulary of a {@code tokenizer.json}.
     *
     * @param json a byte-level BPE tokenizer whose first 256 tokens are the bytes; its splitting rule is kept
     */
    static void replaceVocabulary(ObjectNode json, SpecialTokens special) {
        ObjectNode model = (ObjectNode) json.path("model");
        List<String> bytes = model.path("vocab").properties().stream()
                .map(entry -> entry.getKey())
                .filter(token -> token.length() == 1)
                .toList();
        SyntheticTokenizer made = new SyntheticTokenizer(bytes, special.ordinary());
        made.fill();
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < made.tokens.size(); id++) {
            vocabulary.put(made.tokens.get(id), id);
        }
        ArrayNode merges = model.putArray("merges");
        made.merges.forEach(merges::add);
        ArrayNode added = json.putArray("added_tokens");
        for (String content : special.contents()) {
            added.addObject()
                    .put("id", special.id(content))
                    .put("content", content)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", SpecialTokens.isMarkup(content));
        }
    }

    private void fill() {
        List<String> pairs = new ArrayList<>();
        for (String first : (SPACE + LETTERS).split("")) {
            for (String second : LETTERS.split("")) {
                pairs.add(first + second);
                merge(first, second);
            }
        }
        for (String pair : pairs) {
            for (String letter : LETTERS.split("")) {
                merge(pair, letter);
            }
        }
        for (String second : pairs) {
            if (!second.startsWith(SPACE)) {
                pairs.forEach(first -> merge(first, second));
            }
        }
    }

    private void merge(String first, String second) {
        if (tokens.size() < size && known.add(first + second)) {
            tokens.add(first + second);
            merges.add(first + " " + second);
        }
    }
}
