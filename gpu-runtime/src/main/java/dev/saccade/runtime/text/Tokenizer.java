package dev.saccade.runtime.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.saccade.runtime.ModelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A checkpoint's byte-level BPE tokenizer ({@code tokenizer.json}).
 *
 * <p>The native tokenizer is opened without its added tokens, so whatever it encodes is plain characters; the added tokens
 * of a trusted text, the chat template's, are found here. Safe for use by several threads until it is closed.
 */
public final class Tokenizer implements AutoCloseable {

    private final Vocabulary vocabulary;
    private final HuggingFaceTokenizer plain;
    private final Pattern addedTokens;

    private Tokenizer(Vocabulary vocabulary, HuggingFaceTokenizer plain) {
        this.vocabulary = vocabulary;
        this.plain = plain;
        this.addedTokens = anyOf(vocabulary.added().keySet());
    }

    /**
     * Opens {@code tokenizer.json} of a model folder.
     *
     * @throws ModelException where it is missing, damaged, or of another kind
     */
    public static Tokenizer open(Path dir) {
        return read(dir.resolve("tokenizer.json"));
    }

    static Tokenizer read(Path tokenizerJson) {
        Vocabulary.Parsed parsed = Vocabulary.read(tokenizerJson);
        return new Tokenizer(parsed.vocabulary(), NativeTokenizers.open(parsed.jsonWithoutAddedTokens()));
    }

    /** Longest first, so that of two tokens that begin alike the longer one is found. */
    private static Pattern anyOf(Collection<String> tokens) {
        String alternatives = tokens.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return Pattern.compile(alternatives.isEmpty() ? "(?!)" : alternatives);
    }

    /** Token ids of a text in which nothing is special: {@code <|im_end|>} is ten characters. */
    public int[] encode(String userText) {
        if (userText.isEmpty()) {
            return new int[0];
        }
        long[] ids = plain.encode(wellFormed(userText), false, false).getIds();
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = (int) ids[i];
        }
        return result;
    }

    /** A stretch of ordinary text, or one added token. */
    sealed interface Piece {

        /** Text between added tokens. */
        record Text(String text) implements Piece {}

        /** An added token. */
        record Added(int id) implements Piece {}
    }

    /** Splits a trusted text at its added tokens. */
    List<Piece> split(String trusted) {
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = addedTokens.matcher(trusted);
        int from = 0;
        while (matcher.find()) {
            if (matcher.start() > from) {
                pieces.add(new Piece.Text(trusted.substring(from, matcher.start())));
            }
            pieces.add(new Piece.Added(addedTokenId(matcher.group()).orElseThrow()));
            from = matcher.end();
        }
        if (from < trusted.length()) {
            pieces.add(new Piece.Text(trusted.substring(from)));
        }
        return pieces;
    }

    /** Contents of the added tokens, e.g. {@code <|im_end|>}. */
    Collection<String> addedTokens() {
        return vocabulary.added().keySet();
    }

    /** Bytes of the longest token. */
    int longestToken() {
        return vocabulary.longestToken();
    }

    /** One more than the highest token id; the model's vocabulary may have more rows. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** The bytes that a token stands for, part of a UTF-8 character perhaps; empty for an id without a token. Not a copy. */
    public byte[] bytes(int tokenId) {
        return vocabulary.bytes(tokenId);
    }

    /** Whether the token is markup such as {@code <|im_end|>}, which is left out of an answer's text. */
    public boolean isSpecial(int tokenId) {
        return vocabulary.isSpecial(tokenId);
    }

    /** Whether the token is not of the vocabulary proper: markup such as {@code <|im_end|>} or {@code <tool_call>}. */
    public boolean isAdded(int tokenId) {
        return vocabulary.isAdded(tokenId);
    }

    /** The id of an added token, e.g. of {@code <|im_end|>}. */
    public OptionalInt addedTokenId(String content) {
        Integer id = vocabulary.added().get(content);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Half a surrogate pair has no UTF-8 form, and the native library must not see one. */
    private static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean paired = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (paired) {
                i++;
            } else {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, '\uFFFD');
            }
        }
        return repaired == null ? text : repaired.toString();
    }

    @Override
    public void close() {
        plain.close();
    }
}
