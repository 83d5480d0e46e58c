package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.PagedRows;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Long contexts: several tiles and spans, laid out or streamed, on one thread or several. */
class PagedAttentionTest {

    private static final int TOKENS = 2 * PagedAttention.SPAN + 77;
    private static final int BLOCKS = 150;

    private final Random random = new Random(11);

    static Stream<Arguments> shapes() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of(new Heads(7, 1, 128), new Heads(4, 2, 64), new Heads(3, 3, 20))
                        .map(heads -> Arguments.of(precision, heads)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aRowKeepsItsBitsHoweverAPromptIsCutAndWhateverStandsBeside(Precision precision, Heads heads) {
        float[] qkv = floats(TOKENS * heads.rowWidth());
        try (CpuDevice one = new CpuDevice(precision, 1);
                CpuDevice three = new CpuDevice(precision, 3)) {
            float[] whole = inChunks(one, heads, qkv, TOKENS);
            float[] chunks = inChunks(three, heads, qkv, 131);
            float[] rows = rowByRow(three, heads, qkv);

            assertThat(chunks).isEqualTo(whole);
            for (int row : answerRows()) {
                assertThat(row(rows, heads, row)).as("row " + row).isEqualTo(row(whole, heads, row));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void longContextsEqualPlainLoops(Precision precision, Heads heads) {
        float[] qkv = floats(TOKENS * heads.rowWidth());
        try (CpuDevice device = new CpuDevice(precision, 2)) {
            float[] result = inChunks(device, heads, qkv, 512);

            if (precision == Precision.BFLOAT16) {
                roundKeysAndValues(qkv, heads);
            }
            for (int row : answerRows()) {
                assertThat(row(result, heads, row))
                        .as("row " + row)
                        .containsExactly(PlainKernels.attention(qkv, heads, row, 0, row + 1), within(2e-5f));
            }
        }
    }

    private static int[] answerRows() {
        return new int[] {0, 1, 15, 16, 63, 64, 500, PagedAttention.SPAN - 1, PagedAttention.SPAN, TOKENS - 1};
    }

    /** The whole prompt, so many rows at once. */
    private float[] inChunks(CpuDevice device, Heads heads, float[] qkv, int rows) {
        KeyValueCache cache = device.keyValueCache(1, heads, BLOCKS);
        DeviceBuffer out = device.allocate(TOKENS * heads.queryWidth());
        for (int from = 0; from < TOKENS; from += rows) {
            int end = Math.min(TOKENS, from + rows);
            DeviceBuffer chunk = upload(qkv, heads, from, end);
            PagedRows paged = new PagedRows(
                    slots(from, end),
                    IntStream.rangeClosed(from + 1, end).toArray(),
                    new int[] {0, end - from},
                    new int[][] {table()});
            device.rotateAndCache(chunk, heads, straight(heads, end - from), cache, 0, paged);
            device.pagedAttention(
                    chunk,
                    heads,
                    cache,
                    0,
                    paged,
                    out.view(from * heads.queryWidth(), (end - from) * heads.queryWidth()));
        }
        return CpuBuffer.of(out).values();
    }

    /** Rows that stand alone, then all of them side by side as rows of different sequences. */
    private float[] rowByRow(CpuDevice device, Heads heads, float[] qkv) {
        KeyValueCache cache = device.keyValueCache(1, heads, BLOCKS);
        PagedRows all = new PagedRows(slots(0, TOKENS), new int[TOKENS], new int[] {0, TOKENS}, new int[][] {table()});
        device.rotateAndCache(upload(qkv, heads, 0, TOKENS), heads, straight(heads, TOKENS), cache, 0, all);
        float[] result = new float[TOKENS * heads.queryWidth()];
        int[] rows = answerRows();
        float[] together = new float[rows.length * heads.rowWidth()];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(qkv, rows[i] * heads.rowWidth(), together, i * heads.rowWidth(), heads.rowWidth());
            DeviceBuffer out = device.allocate(heads.queryWidth());
            PagedRows alone =
                    new PagedRows(new int[1], new int[] {rows[i] + 1}, new int[] {0, 1}, new int[][] {table()});
            device.pagedAttention(upload(qkv, heads, rows[i], rows[i] + 1), heads, cache, 0, alone, out);
            System.arraycopy(CpuBuffer.of(out).values(), 0, result, rows[i] * heads.queryWidth(), heads.queryWidth());
        }
        int[][] tables = new int[rows.length][];
        Arrays.fill(tables, table());
        PagedRows beside = new PagedRows(
                new int[rows.length],
                Arrays.stream(rows).map(row -> row + 1).toArray(),
                IntStream.rangeClosed(0, rows.length).toArray(),
                tables);
        DeviceBuffer out = device.allocate(rows.length * heads.queryWidth());
        device.pagedAttention(new CpuBuffer(together), heads, cache, 0, beside, out);
        for (int i = 0; i < rows.length; i++) {
            assertThat(row(CpuBuffer.of(out).values(), heads, i)).isEqualTo(row(result, heads, rows[i]));
        }
        return result;
    }

    private static int[] table() {
        return IntStream.range(0, BLOCKS).map(i -> i * 37 % BLOCKS).toArray();
    }

    private static int[] slots(int from, int end) {
        int[] table = table();
        return IntStream.range(from, end)
                .map(i -> table[i / KeyValueCache.BLOCK_TOKENS] * KeyValueCache.BLOCK_TOKENS
                        + i % KeyValueCache.BLOCK_TOKENS)
                .toArray();
    }

    /** Angles of zero. */
    private static DeviceBuffer straight(Heads heads, int rows) {
        float[] cosSin = new float[rows * heads.size()];
        for (int i = 0; i < cosSin.length; i++) {
            cosSin[i] = i % heads.size() < heads.size() / 2 ? 1 : 0;
        }
        return new CpuBuffer(cosSin);
    }

    private static DeviceBuffer upload(float[] qkv, Heads heads, int from, int end) {
        return new CpuBuffer(Arrays.copyOfRange(qkv, from * heads.rowWidth(), end * heads.rowWidth()));
    }

    private static float[] row(float[] values, Heads heads, int row) {
        return Arrays.copyOfRange(values, row * heads.queryWidth(), (row + 1) * heads.queryWidth());
    }

    private static void roundKeysAndValues(float[] qkv, Heads heads) {
        for (int i = 0; i < qkv.length; i++) {
            if (i % heads.rowWidth() >= heads.keyOffset()) {
                qkv[i] = Float.intBitsToFloat(Lanes.toBfloat16(qkv[i]) << 16);
            }
        }
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
