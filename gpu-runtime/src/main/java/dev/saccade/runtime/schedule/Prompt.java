package dev.saccade.runtime.schedule;

import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MropePositions;
import java.util.List;

/**
 * A request that is ready to be read by the model.
 *
 * @param encoded token ids with placeholders for visual tokens
 * @param positions of every token on the three rotary axes
 * @param media images and videos in prompt order
 * @param maxTokens most tokens of the answer: given, or what context and cache have room for
 * @param warnings sentences for the user
 */
record Prompt(
        EncodedPrompt encoded,
        MropePositions positions,
        List<PreparedMedia> media,
        int maxTokens,
        List<String> warnings) {

    Prompt {
        media = List.copyOf(media);
        warnings = List.copyOf(warnings);
    }

    int length() {
        return encoded.ids().length;
    }

    int visualTokens() {
        return media.stream().mapToInt(PreparedMedia::visualTokens).sum();
    }

    /** Tokens that the sequence may grow to. */
    int longest() {
        return length() + maxTokens;
    }
}
