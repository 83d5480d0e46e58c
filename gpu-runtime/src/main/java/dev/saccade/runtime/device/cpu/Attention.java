package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import java.util.Arrays;

/** Softmax attention of one query at a time over blocks of keys and values, in the order of the tokens. */
final class Attention {

    private final ComputePool pool;
    private final float[][] scores;

    Attention(ComputePool pool) {
        this.pool = pool;
        this.scores = new float[pool.threads()][0];
    }

    /** Each row over its sequence's cached tokens; the row's own key and value are in the cache already. */
    void paged(
            float[] qkv,
            int from,
            Heads heads,
            CpuKeyValueCache cache,
            int layer,
            PagedRows rows,
            float[] out,
            int to) {
        long tokens = Arrays.stream(rows.lengths()).asLongStream().sum();
        int group = heads.query() / heads.keyValue();
        long workPerItem = 2 * tokens / rows.rows() * heads.size() * group;
        pool.loop(rows.rows() * heads.keyValue(), workPerItem, (worker, begin, end) -> {
            for (int item = begin; item < end; item++) {
                int row = item / heads.keyValue();
                int keyValueHead = item % heads.keyValue();
                int[] blocks = rows.blockTables()[stretch(rows, row)];
                int length = rows.lengths()[row];
                for (int head = keyValueHead * group; head < (keyValueHead + 1) * group; head++) {
                    int query = from + row * heads.rowWidth() + head * heads.size();
                    int result = to + row * heads.queryWidth() + head * heads.size();
                    attend(worker, cache, layer, keyValueHead, blocks, length, qkv, query, out, result);
                }
            }
        });
    }

    /** The stretch that a row is in. */
    private static int stretch(PagedRows rows, int row) {
        int found = Arrays.binarySearch(rows.stretches(), row);
        return found >= 0 ? found : -found - 2;
    }

    /** Each row over all rows of its segment, whose keys and values are first laid out in blocks like the cache's. */
    void segments(float[] qkv, int from, Heads heads, int[] boundaries, float[] out, int to) {
        int segments = boundaries.length - 1;
        int longest = 1;
        for (int s = 0; s < segments; s++) {
            longest = Math.max(longest, boundaries[s + 1] - boundaries[s]);
        }
        int blocks = (longest + KeyValueCache.BLOCK_TOKENS - 1) / KeyValueCache.BLOCK_TOKENS;
        int[] inOrder = new int[blocks];
        Arrays.setAll(inOrder, i -> i);
        Float32Cache[] scratch = new Float32Cache[pool.threads()];
        int group = heads.query() / heads.keyValue();
        long workPerItem = 2L * boundaries[segments] / segments * longest * heads.size() * group;
        pool.loop(segments * heads.keyValue(), workPerItem, (worker, begin, end) -> {
            if (scratch[worker] == null) {
                scratch[worker] = new Float32Cache(1, 1, heads.size(), blocks);
            }
            Float32Cache cache = scratch[worker];
            for (int item = begin; item < end; item++) {
                int first = boundaries[item / heads.keyValue()];
                int length = boundaries[item / heads.keyValue() + 1] - first;
                int keyValueHead = item % heads.keyValue();
                for (int i = 0; i < length; i++) {
                    int row = from + (first + i) * heads.rowWidth() + keyValueHead * heads.size();
                    cache.prepare(0, i);
                    cache.put(0, i, 0, qkv, row + heads.keyOffset(), qkv, row + heads.valueOffset());
                }
                for (int row = first; row < first + length; row++) {
                    for (int head = keyValueHead * group; head < (keyValueHead + 1) * group; head++) {
                        int query = from + row * heads.rowWidth() + head * heads.size();
                        int result = to + row * heads.queryWidth() + head * heads.size();
                        attend(worker, cache, 0, 0, inOrder, length, qkv, query, out, result);
                    }
                }
            }
        });
    }

    private void attend(
            int worker,
            CpuKeyValueCache cache,
            int layer,
            int head,
            int[] blocks,
            int length,
            float[] query,
            int queryAt,
            float[] out,
            int to) {
        int used = (length + KeyValueCache.BLOCK_TOKENS - 1) / KeyValueCache.BLOCK_TOKENS;
        float[] weights = scratch(worker, used * KeyValueCache.BLOCK_TOKENS); // (tokens)
        for (int b = 0; b < used; b++) {
            cache.scores(layer, blocks[b], head, query, queryAt, weights, b * KeyValueCache.BLOCK_TOKENS);
        }
        float sum = RowKernels.exponentials(weights, length, (float) (1 / Math.sqrt(cache.size)));
        Arrays.fill(out, to, to + cache.size, 0);
        for (int b = 0; b < used; b++) {
            int first = b * KeyValueCache.BLOCK_TOKENS;
            int tokens = Math.min(KeyValueCache.BLOCK_TOKENS, length - first);
            cache.addValues(layer, blocks[b], head, weights, first, tokens, out, to);
        }
        RowKernels.scale(out, to, cache.size, 1 / sum);
    }

    private float[] scratch(int worker, int floats) {
        if (scores[worker].length < floats) {
            scores[worker] = new float[Math.max(floats, 2 * scores[worker].length)];
        }
        return scores[worker];
    }
}
