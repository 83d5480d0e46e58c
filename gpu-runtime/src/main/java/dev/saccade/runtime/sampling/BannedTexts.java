package dev.saccade.runtime.sampling;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Token sequences of {@code bad_words}: each text as it stands at the start of a line and, as vLLM does, behind a space. A
 * text that is cut into other tokens, in the middle of a word for example, is not found.
 */
final class BannedTexts {

    private static final int MAX_TOKENS = 32;

    private BannedTexts() {}

    /** @throws InvalidRequestException for a text of no token or of too many */
    static List<int[]> encode(List<String> badWords, Tokenizer tokenizer) {
        List<int[]> sequences = new ArrayList<>();
        for (String word : badWords) {
            String bare = word.stripLeading();
            int[] plain = tokenizer.encode(bare);
            if (plain.length == 0 || plain.length > MAX_TOKENS) {
                throw new InvalidRequestException(
                        "invalid-bad-words",
                        "bad_words has a text of " + plain.length + " tokens; give 1 to " + MAX_TOKENS + ".");
            }
            sequences.add(plain);
            int[] spaced = tokenizer.encode(" " + bare);
            if (!Arrays.equals(spaced, plain)) {
                sequences.add(spaced);
            }
        }
        return List.copyOf(sequences);
    }
}
