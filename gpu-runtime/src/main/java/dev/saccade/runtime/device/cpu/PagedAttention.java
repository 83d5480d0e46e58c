package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import org.jspecify.annotations.Nullable;

/**
 * Attention of rows over their sequences' cached tokens. Neighbouring rows of a sequence, and the query heads that share a
 * head of keys and values, make one {@link AttentionTile}, so that keys and values are loaded once for all of them.
 *
 * <p>Tiles and spans of tokens begin at fixed positions of a sequence: a row's bits don't depend on how a prompt was cut,
 * on the rows beside it, or on which threads did what.
 */
final class PagedAttention {

    /** Queries of a tile: their states, and a tile of keys and values, stay in the second-level cache. */
    private static final int QUERIES = 112;

    /** Tokens that are summed by themselves, so that different threads can sum them where there is little else to share. */
    static final int SPAN = 1024;

    private final ComputePool pool;
    private final @Nullable AttentionTile[] tiles; // one for each thread
    private final QueryTiles rowTiles = new QueryTiles();
    private final ComputePool.Body whole = this::attendWhole;
    private final ComputePool.Body spanBySpan = this::attendSpans;
    private final ComputePool.Body merging = this::mergeSpans;
    private final Call call = new Call();
    private int spans; // of the longest row
    private int statesOfSpan; // floats
    private float[] states = {}; // (row tiles, heads, spans, queries), where spans are shared

    /** What the threads work on; refilled for each call, so that a steady step allocates nothing. */
    @SuppressWarnings("NullAway.Init") // filled before it is read
    private static final class Call {
        CpuBuffer qkv;
        Heads heads;
        CpuKeyValueCache cache;
        int layer;
        PagedRows rows;
        CpuBuffer out;
    }

    PagedAttention(ComputePool pool) {
        this.pool = pool;
        this.tiles = new AttentionTile[pool.threads()];
    }

    /** Each row over its sequence's cached tokens; the row's own key and value are in the cache already. */
    void attend(CpuBuffer qkv, Heads heads, CpuKeyValueCache cache, int layer, PagedRows rows, CpuBuffer out) {
        call.qkv = qkv;
        call.heads = heads;
        call.cache = cache;
        call.layer = layer;
        call.rows = rows;
        call.out = out;
        int group = heads.query() / heads.keyValue();
        rowTiles.cut(rows.stretches(), Math.max(1, QUERIES / group));
        int items = rowTiles.count() * heads.keyValue();
        long tokens = 0;
        int longest = 1;
        for (int length : rows.lengths()) {
            tokens += length;
            longest = Math.max(longest, length);
        }
        spans = Math.ceilDiv(longest, SPAN);
        long work = Math.max(1, 2 * tokens * heads.queryWidth() / Math.max(1, items));
        if (spans == 1 || items >= 4 * pool.threads() || pool.threads() == 1) {
            pool.loop(items, work, whole);
            return;
        }
        statesOfSpan = rowTiles.most() * group * AttentionTile.stateFloats(heads.size());
        if (states.length < items * spans * statesOfSpan) {
            states = new float[items * spans * statesOfSpan];
        }
        pool.loop(items * spans, work / spans, spanBySpan);
        pool.loop(items, (long) spans * statesOfSpan, merging);
    }

    private void attendWhole(int worker, int begin, int end) {
        AttentionTile tile = tile(worker);
        for (int item = begin; item < end; item++) {
            int seen = addQueries(item, tile);
            for (int first = 0; first < seen; first += SPAN) {
                attendSpan(item, tile, first, Math.min(first + SPAN, seen));
                tile.mergeSpan();
            }
            store(item, tile);
        }
    }

    private void attendSpans(int worker, int begin, int end) {
        AttentionTile tile = tile(worker);
        for (int share = begin; share < end; share++) {
            int item = share / spans;
            int first = share % spans * SPAN;
            int seen = addQueries(item, tile);
            if (first < seen) {
                attendSpan(item, tile, first, Math.min(first + SPAN, seen));
                tile.copySpan(states, share * statesOfSpan);
            }
        }
    }

    private void mergeSpans(int worker, int begin, int end) {
        AttentionTile tile = tile(worker);
        for (int item = begin; item < end; item++) {
            int seen = addQueries(item, tile);
            for (int span = 0; span * SPAN < seen; span++) {
                tile.mergeCopy(states, (item * spans + span) * statesOfSpan);
            }
            store(item, tile);
        }
    }

    /** Takes the queries of an item, a row tile and a head of keys and values. Returns how many tokens the last row sees. */
    private int addQueries(int item, AttentionTile tile) {
        Heads heads = call.heads;
        int rowTile = item / heads.keyValue();
        int group = heads.query() / heads.keyValue();
        float scale = (float) (1 / Math.sqrt(heads.size()));
        int seen = 0;
        tile.clear();
        for (int row = rowTiles.begin(rowTile); row < rowTiles.end(rowTile); row++) {
            int at = call.qkv.offset() + row * heads.rowWidth() + item % heads.keyValue() * group * heads.size();
            int length = call.rows.lengths()[row];
            for (int i = 0; i < group; i++) {
                tile.addQuery(call.qkv.values(), at + i * heads.size(), scale, length);
            }
            seen = Math.max(seen, length);
        }
        return seen;
    }

    private void attendSpan(int item, AttentionTile tile, int first, int end) {
        int rowTile = item / call.heads.keyValue();
        int head = item % call.heads.keyValue();
        int[] blocks = call.rows.blockTables()[rowTiles.range(rowTile)];
        tile.beginSpan();
        for (int token = first; token < end; token += AttentionTile.TOKENS) {
            if (call.cache instanceof Bfloat16Cache cache && tile.streams()) {
                tile.attend(cache, call.layer, head, blocks, token);
            } else {
                layOut(tile, blocks, head, token, Math.min(end, token + AttentionTile.TOKENS));
                tile.attend(token);
            }
        }
    }

    private void layOut(AttentionTile tile, int[] blocks, int head, int token, int end) {
        for (int at = token; at < end; at += KeyValueCache.BLOCK_TOKENS) {
            int block = blocks[at / KeyValueCache.BLOCK_TOKENS];
            call.cache.unpack(call.layer, block, head, tile.keys, tile.values, at - token);
        }
    }

    private void store(int item, AttentionTile tile) {
        Heads heads = call.heads;
        int rowTile = item / heads.keyValue();
        int group = heads.query() / heads.keyValue();
        int query = 0;
        for (int row = rowTiles.begin(rowTile); row < rowTiles.end(rowTile); row++) {
            int to = call.out.offset() + row * heads.queryWidth() + item % heads.keyValue() * group * heads.size();
            for (int i = 0; i < group; i++) {
                tile.result(query++, call.out.values(), to + i * heads.size());
            }
        }
    }

    private AttentionTile tile(int worker) {
        int group = call.heads.query() / call.heads.keyValue();
        int queries = Math.max(1, QUERIES / group) * group;
        AttentionTile tile = tiles[worker];
        if (tile == null || !tile.fits(call.heads.size(), queries)) {
            tile = new AttentionTile(call.heads.size(), queries);
            tiles[worker] = tile;
        }
        return tile;
    }
}
