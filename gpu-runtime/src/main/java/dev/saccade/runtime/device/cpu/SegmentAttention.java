package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.Heads;
import org.jspecify.annotations.Nullable;

/**
 * Attention of each row over all rows of its segment: windows and frames of the vision tower. Some rows of a segment and
 * one head of keys and values make an {@link AttentionTile}; the tile's keys are turned and its values copied from the
 * rows themselves.
 */
final class SegmentAttention {

    /** Queries of a tile: many, so that the keys of a whole frame are turned seldom. */
    private static final int QUERIES = 256;

    private final ComputePool pool;
    private final @Nullable AttentionTile[] tiles; // one for each thread
    private final QueryTiles rowTiles = new QueryTiles();
    private final ComputePool.Body body = this::attend;
    private final Call call = new Call();

    /** What the threads work on; refilled for each call. */
    @SuppressWarnings("NullAway.Init") // filled before it is read
    private static final class Call {
        CpuBuffer qkv;
        Heads heads;
        int[] boundaries;
        CpuBuffer out;
    }

    SegmentAttention(ComputePool pool) {
        this.pool = pool;
        this.tiles = new AttentionTile[pool.threads()];
    }

    /** @param boundaries first row of each segment, then the number of rows */
    void attend(CpuBuffer qkv, Heads heads, int[] boundaries, CpuBuffer out) {
        call.qkv = qkv;
        call.heads = heads;
        call.boundaries = boundaries;
        call.out = out;
        rowTiles.cut(boundaries, rowsOfTile());
        long pairs = 0;
        for (int i = 0; i + 1 < boundaries.length; i++) {
            long length = boundaries[i + 1] - boundaries[i];
            pairs += length * length;
        }
        int items = rowTiles.count() * heads.keyValue();
        pool.loop(items, Math.max(1, 2 * pairs * heads.queryWidth() / Math.max(1, items)), body);
    }

    private int rowsOfTile() {
        return Math.max(1, QUERIES * call.heads.keyValue() / call.heads.query());
    }

    private void attend(int worker, int begin, int end) {
        AttentionTile tile = tile(worker);
        for (int item = begin; item < end; item++) {
            int rowTile = item / call.heads.keyValue();
            int head = item % call.heads.keyValue();
            int first = call.boundaries[rowTiles.range(rowTile)];
            int length = call.boundaries[rowTiles.range(rowTile) + 1] - first;
            addQueries(tile, rowTile, head, length);
            tile.beginSpan();
            for (int token = 0; token < length; token += AttentionTile.TOKENS) {
                int count = Math.min(AttentionTile.TOKENS, length - token);
                int row = call.qkv.offset() + (first + token) * call.heads.rowWidth() + head * call.heads.size();
                tile.layOut(
                        call.qkv.values(),
                        row + call.heads.keyOffset(),
                        row + call.heads.valueOffset(),
                        call.heads.rowWidth(),
                        count);
                tile.attend(token);
            }
            tile.mergeSpan();
            store(tile, rowTile, head);
        }
    }

    private void addQueries(AttentionTile tile, int rowTile, int head, int length) {
        Heads heads = call.heads;
        int group = heads.query() / heads.keyValue();
        float scale = (float) (1 / Math.sqrt(heads.size()));
        tile.clear();
        for (int row = rowTiles.begin(rowTile); row < rowTiles.end(rowTile); row++) {
            int at = call.qkv.offset() + row * heads.rowWidth() + head * group * heads.size();
            for (int i = 0; i < group; i++) {
                tile.addQuery(call.qkv.values(), at + i * heads.size(), scale, length);
            }
        }
    }

    private void store(AttentionTile tile, int rowTile, int head) {
        Heads heads = call.heads;
        int group = heads.query() / heads.keyValue();
        int query = 0;
        for (int row = rowTiles.begin(rowTile); row < rowTiles.end(rowTile); row++) {
            int to = call.out.offset() + row * heads.queryWidth() + head * group * heads.size();
            for (int i = 0; i < group; i++) {
                tile.result(query++, call.out.values(), to + i * heads.size());
            }
        }
    }

    private AttentionTile tile(int worker) {
        int queries = rowsOfTile() * call.heads.query() / call.heads.keyValue();
        AttentionTile tile = tiles[worker];
        if (tile == null || !tile.fits(call.heads.size(), queries)) {
            tile = new AttentionTile(call.heads.size(), queries);
            tiles[worker] = tile;
        }
        return tile;
    }
}
