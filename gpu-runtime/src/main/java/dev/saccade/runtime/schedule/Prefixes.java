package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.kv.BlockKey;
import dev.saccade.runtime.kv.BlockPool;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds blocks that others have computed before, and makes known what sequences have computed. */
final class Prefixes {

    private static final int BLOCK = KeyValueCache.BLOCK_TOKENS;

    private final BlockPool pool;
    private final boolean enabled;
    private final BlockKeys keys;
    private final Set<BlockKey> beingRead = new HashSet<>();

    Prefixes(BlockPool pool, EngineOptions options) {
        this.pool = pool;
        this.enabled = options.prefixCaching();
        this.keys = new BlockKeys(options.batchInvariant());
    }

    /**
     * Gives a sequence the blocks of its next tokens, as far as they are known; at least one token is left to compute. Asked
     * each time before the sequence reads on, because a neighbour with the same prompt may be ahead of it.
     */
    void adopt(Sequence sequence) {
        boolean atEndOfBlock = sequence.computed() == sequence.blocks().tokens();
        if (!enabled || !atEndOfBlock || sequence.group().needsAllRows()) {
            return;
        }
        int most = (sequence.length() - 1) / BLOCK;
        int block = sequence.blocks().size();
        while (block < most) {
            if (!pool.adopt(key(sequence, block), sequence.blocks())) {
                break;
            }
            block++;
        }
        if (block * BLOCK > sequence.computed()) {
            sequence.adoptedTo(block * BLOCK);
        }
    }

    /** A step is about to be planned. */
    void beginStep() {
        beingRead.clear();
    }

    /**
     * Whether a more urgent sequence reads the same block of the same prompt in this step: the next step will find it in the
     * cache. Asked once for each sequence that reads, in the order of urgency.
     */
    boolean isReadByAnother(Sequence sequence) {
        int block = sequence.computed() / BLOCK;
        if (!enabled
                || sequence.group().needsAllRows()
                || block >= (sequence.prompt().length() - 1) / BLOCK) {
            return false;
        }
        return !beingRead.add(key(sequence, block)) && sequence.computed() % BLOCK == 0;
    }

    /** Makes known which blocks the sequence has filled. */
    void index(Sequence sequence) {
        int full = enabled ? sequence.computed() / BLOCK : 0;
        for (int block = sequence.indexed(); block < full; block++) {
            pool.index(sequence.blocks().block(block), key(sequence, block));
            sequence.indexedTo(block + 1);
        }
    }

    private BlockKey key(Sequence sequence, int block) {
        List<BlockKey> ofPrompt = sequence.prompt().blockKeys();
        if (block < ofPrompt.size()) {
            return ofPrompt.get(block);
        }
        List<BlockKey> ofAnswer = sequence.answerKeys();
        while (ofAnswer.size() <= block - ofPrompt.size()) {
            int next = ofPrompt.size() + ofAnswer.size();
            ofAnswer.add(keys.ofAnswer(sequence, next == 0 ? null : key(sequence, next - 1), next));
        }
        return ofAnswer.get(block - ofPrompt.size());
    }
}
