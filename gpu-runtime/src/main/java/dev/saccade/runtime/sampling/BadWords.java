package dev.saccade.runtime.sampling;

import java.util.List;
import java.util.function.IntConsumer;

/**
 * Token sequences that must not be written: the last token of each is banned while the output ends with the others. For one
 * sequence, one thread at a time.
 */
final class BadWords {

    private final List<int[]> words;
    private final int[] recent; // the output's last tokens, a ring
    private int written;

    /** @param words token sequences, none of them empty */
    BadWords(List<int[]> words) {
        this.words = words;
        this.recent = new int[words.stream().mapToInt(word -> word.length).max().orElse(0) + 1];
    }

    /** A token has been written. */
    void add(int token) {
        recent[written % recent.length] = token;
        written++;
    }

    /** Bans what would complete a word. */
    void ban(IntConsumer banned) {
        for (int i = 0; i < words.size(); i++) {
            int[] word = words.get(i);
            if (completes(word)) {
                banned.accept(word[word.length - 1]);
            }
        }
    }

    private boolean completes(int[] word) {
        int prefix = word.length - 1;
        if (written < prefix) {
            return false;
        }
        for (int i = prefix - 1; i >= 0; i--) {
            if (recent[(written - prefix + i) % recent.length] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
