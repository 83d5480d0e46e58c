package dev.saccade.runtime.schedule;

import dev.saccade.runtime.kv.BlockKey;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MediaSpan;
import dev.saccade.runtime.text.MropePositions;
import java.util.List;

/**
 * A request that is ready to be read by the model.
 *
 * @param encoded token ids with placeholders for visual tokens
 * @param positions of every token on the three rotary axes
 * @param media images and videos in prompt order
 * @param visuals what images and videos become; the same for all answers
 * @param blockKeys of its full blocks; empty where none are looked for in the cache
 * @param maxTokens most tokens of each answer: given, or what context and cache have room for
 * @param warnings sentences for the user
 */
record Prompt(
        EncodedPrompt encoded,
        MropePositions positions,
        List<MediaSummary> media,
        VisualTokens visuals,
        List<BlockKey> blockKeys,
        int maxTokens,
        List<String> warnings) {

    Prompt {
        media = List.copyOf(media);
        blockKeys = List.copyOf(blockKeys);
        warnings = List.copyOf(warnings);
    }

    int length() {
        return encoded.ids().length;
    }

    int visualTokens() {
        return media.stream().mapToInt(MediaSummary::visualTokens).sum();
    }

    /** Behind the last visual token; 0 where there is none. */
    int visualEnd() {
        if (encoded.spans().isEmpty()) {
            return 0;
        }
        MediaSpan last = encoded.spans().getLast();
        return last.start() + last.count();
    }
}
