package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.kv.BlockHasher;
import dev.saccade.runtime.kv.BlockKey;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MediaSpan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the keys of full blocks: a prompt's all at once, an answer's one by one. For one thread. */
final class BlockKeys {

    private static final int BLOCK = KeyValueCache.BLOCK_TOKENS;

    private final BlockHasher hasher = new BlockHasher();
    private final boolean byKind;

    /**
     * @param byKind whether a token that was written is told apart from the same one read as part of a prompt, because their
     *     keys and values may differ in their last bits
     */
    BlockKeys(boolean byKind) {
        this.byKind = byKind;
    }

    /**
     * Keys of a prompt's full blocks.
     *
     * @param media its images and videos
     */
    List<BlockKey> ofPrompt(EncodedPrompt prompt, List<MediaSummary> media) {
        List<BlockKey> keys = new ArrayList<>(prompt.ids().length / BLOCK);
        BlockKey before = null;
        for (int from = 0; from + BLOCK <= prompt.ids().length; from += BLOCK) {
            hasher.begin(before, byKind ? BLOCK : 0);
            put(prompt, media, from, from + BLOCK);
            before = hasher.end();
            keys.add(before);
        }
        return keys;
    }

    /**
     * Key of a block that the answer has filled.
     *
     * @param before key of the block before
     */
    BlockKey ofAnswer(Sequence sequence, @Nullable BlockKey before, int block) {
        Prompt prompt = sequence.prompt();
        int from = block * BLOCK;
        int answerFrom = Math.max(from, prompt.length());
        hasher.begin(before, byKind ? answerFrom - from : 0);
        put(prompt.encoded(), prompt.media(), from, answerFrom);
        for (int i = answerFrom; i < from + BLOCK; i++) {
            hasher.token(sequence.token(i));
        }
        return hasher.end();
    }

    private void put(EncodedPrompt prompt, List<MediaSummary> media, int from, int to) {
        for (MediaSpan span : prompt.spans()) {
            int first = Math.max(from, span.start());
            if (first < Math.min(to, span.start() + span.count())) {
                hasher.visual(first - from, media.get(span.media()).key().sha256(), first - span.start());
            }
        }
        for (int i = from; i < to; i++) {
            hasher.token(prompt.ids()[i]);
        }
    }
}
