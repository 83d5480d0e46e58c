package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;

/** Lays a step's numbers side by side and uploads them at once, always to the same place as long as they fit. */
final class StepStaging {

    /** Rows that a block of threads takes; {@code TILE} in attention.cu. */
    static final int TILE_ROWS = 64;

    private static final int TILE_INTS = 4;

    /** {@code MOST_PIECES} in decode_attention.cu. */
    static final int MOST_PIECES = 32;

    /** Up to so many answers a row's bits depend on nothing but the row, so the pieces of its context don't either. */
    private static final int FEW_ANSWERS = 16;

    private static final int MANY_ANSWERS = 64;

    private final DeviceNumbers numbers;

    StepStaging(CudaMemory memory, Staging staging) {
        this.numbers = new DeviceNumbers(memory, staging, "a step's block tables");
    }

    /** @param tileRows rows of a prompt that a block of threads takes */
    CudaStep stage(PagedRows rows, RowKinds kinds, int tileRows) {
        numbers.clear();
        int lengths = numbers.add(rows.lengths(), rows.rows());
        int slots = numbers.add(rows.slots(), rows.rows());
        int tableOf = addTableOfEachAnswer(rows, kinds.answer());
        numbers.pad(TILE_INTS); // tiles are read 16 bytes at once
        int tileList = numbers.count();
        addTiles(rows, kinds.answer(), tileRows);
        int tiles = (numbers.count() - tileList) / TILE_INTS;
        int tables = addTables(rows); // last: they grow from step to step, and the rest stays where it was
        numbers.upload();
        int leastBlocks = leastBlocks(kinds.answer());
        return new CudaStep(
                kinds.answer(),
                kinds.prompt(),
                tiles,
                pieces(rows.lengths(), kinds.answer(), leastBlocks),
                leastBlocks,
                numbers.address(lengths),
                numbers.address(slots),
                numbers.address(tableOf),
                numbers.address(tileList),
                numbers.address(tables));
    }

    /** Tiles of segments, each a stretch of rows that see one another; returns how many, from {@link #address} on. */
    int stageSegments(int[] boundaries) {
        numbers.clear();
        for (int i = 0; i + 1 < boundaries.length; i++) {
            int rows = boundaries[i + 1] - boundaries[i];
            for (int row = 0; row < rows; row += TILE_ROWS) {
                addTile(boundaries[i] + row, Math.min(TILE_ROWS, rows - row), boundaries[i], rows);
            }
        }
        numbers.upload();
        return numbers.count() / TILE_INTS;
    }

    /** Where {@link #stageSegments}' tiles, or {@link #stageNumbers}, were put. */
    long address() {
        return numbers.address();
    }

    /** Uploads two lists, the second behind the first. */
    void stageNumbers(int[] first, int[] second) {
        numbers.clear();
        numbers.add(first, first.length);
        numbers.add(second, second.length);
        numbers.upload();
    }

    /**
     * Blocks of a piece of an answer's context, at the least: few answers have to be cut small to keep a device busy, of many
     * the pieces' sums, a ninth of what 8 blocks hold, are better not written and read.
     */
    static int leastBlocks(int answers) {
        if (answers <= FEW_ANSWERS) {
            return 8;
        }
        return answers <= MANY_ANSWERS ? 16 : 64;
    }

    /** Rounded up to a power of two, so that steps differ less; blocks of threads without a piece end at once. */
    private static int pieces(int[] lengths, int answers, int leastBlocks) {
        int most = 0;
        for (int row = 0; row < answers; row++) {
            most = Math.max(most, blocks(lengths[row]));
        }
        int pieces = Math.clamp((most + leastBlocks - 1) / leastBlocks, 1, MOST_PIECES);
        return pieces == 1 ? 1 : 2 * Integer.highestOneBit(pieces - 1);
    }

    /** Each sequence's blocks as far as its last row sees. */
    private int addTables(PagedRows rows) {
        int start = numbers.count();
        for (int i = 0; i < rows.stretchCount(); i++) {
            numbers.add(rows.blockTables()[i], blocksOf(rows, i));
        }
        return start;
    }

    private static int blocksOf(PagedRows rows, int stretch) {
        return blocks(rows.lengths()[rows.stretches()[stretch + 1] - 1]);
    }

    private int addTableOfEachAnswer(PagedRows rows, int answers) {
        int start = numbers.count();
        int table = 0;
        for (int i = 0; i < rows.stretchCount() && rows.stretches()[i] < answers; i++) {
            for (int row = rows.stretches()[i]; row < rows.stretches()[i + 1]; row++) {
                numbers.add(table);
            }
            table += blocksOf(rows, i);
        }
        return start;
    }

    private void addTiles(PagedRows rows, int answers, int tileRows) {
        int table = 0;
        for (int i = 0; i < rows.stretchCount(); i++) {
            int first = rows.stretches()[i];
            int end = rows.stretches()[i + 1];
            if (first >= answers) {
                // the last rows see the most: they begin first
                for (int row = first + (end - first - 1) / tileRows * tileRows; row >= first; row -= tileRows) {
                    addTile(row, Math.min(tileRows, end - row), table, rows.lengths()[row]);
                }
            }
            table += blocksOf(rows, i);
        }
    }

    private void addTile(int row, int rows, int from, int seen) {
        numbers.add(row);
        numbers.add(rows);
        numbers.add(from);
        numbers.add(seen);
    }

    private static int blocks(int length) {
        return (length + KeyValueCache.BLOCK_TOKENS - 1) / KeyValueCache.BLOCK_TOKENS;
    }
}
