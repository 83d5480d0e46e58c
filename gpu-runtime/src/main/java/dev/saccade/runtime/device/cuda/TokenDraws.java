package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws tokens on the device, so that four bytes cross the bus for each; lays out what sampling.cu takes. */
final class TokenDraws {

    private static final int THREADS = 512;

    /** {@code SamplingRoom} of sampling.cu: keys and sums of 2,048 candidates, 16 warps' sums at 8 depths, a counter. */
    private static final int SHARED_BYTES = (2 * 2048 + 16 * 8 + 1) * Long.BYTES;

    /** Exponent of 2 of the least weight that counts; candidates are looked for down to it. As in sampling.cu. */
    private static final double DEEPEST = -40;

    private static final int DRAW_INTS = 16;
    private static final int CHANGE_INTS = 4;
    private static final int QUESTION_INTS = 4;
    private static final int MOST_ALTERNATIVES = 20;

    /** {@code TokenAnswer}: sum, highest and score, rank and found, then the likeliest. */
    private static final int ANSWER_LONGS = 3 + MOST_ALTERNATIVES;

    private final CudaContext context;
    private final CudaMemory memory;
    private final Staging staging;
    private final DeviceNumbers numbers;
    private long copies;
    private long copyBytes;
    private long results;
    private int resultCount;
    private final long[] answer = new long[ANSWER_LONGS];

    TokenDraws(CudaContext context, CudaMemory memory, Staging staging) {
        this.context = context;
        this.memory = memory;
        this.staging = staging;
        this.numbers = new DeviceNumbers(memory, staging, "sampling");
    }

    void draw(CudaBuffer scores, int width, List<TokenDraw> draws, int[] tokens) {
        int changed = lay(draws, width);
        numbers.upload();
        if (copyBytes < (long) changed * width * Float.BYTES) {
            copyBytes = (long) changed * width * Float.BYTES;
            copies = memory.grow(copies, copyBytes, "sampling");
        }
        long behind = numbers.address(draws.size() * DRAW_INTS);
        launch("draw_tokens", draws.size(), scores, width, numbers.address(), behind, copies, resultsOf(draws.size()));
        staging.download(results, draws.size(), tokens);
    }

    /** Null where the host has to look for itself. */
    @Nullable
    TokenMeasure measure(CudaBuffer scores, int width, int row, int token, int likeliest) {
        numbers.clear();
        numbers.add(new int[] {row, token, likeliest, 0}, QUESTION_INTS);
        numbers.upload();
        launch("log_probabilities", 1, scores, width, numbers.address(), resultsOf(ANSWER_LONGS * 2));
        staging.download(results, ANSWER_LONGS, answer);
        int rank = (int) answer[2];
        return rank == 0 ? null : measured(rank, (int) (answer[2] >>> 32));
    }

    private TokenMeasure measured(int rank, int found) {
        float highest = Float.intBitsToFloat((int) answer[1]);
        float score = Float.intBitsToFloat((int) (answer[1] >>> 32));
        double logSum = highest + Math.log(Double.longBitsToDouble(answer[0]));
        int[] ids = new int[found];
        double[] logprobs = new double[found];
        for (int i = 0; i < found; i++) {
            long key = answer[3 + i];
            ids[i] = ~(int) key;
            logprobs[i] = score(key) - logSum;
        }
        return new TokenMeasure(score - logSum, rank, ids, logprobs);
    }

    /** The kernel's order of floats, as integers, undone. */
    private static float score(long key) {
        int ordered = (int) (key >>> 32);
        return Float.intBitsToFloat(ordered < 0 ? ordered ^ 0x8000_0000 : ~ordered);
    }

    private void launch(String kernel, int blocks, @Nullable Object... arguments) {
        context.launch(kernel, blocks, 1, 1, THREADS, SHARED_BYTES, arguments);
    }

    private long resultsOf(int ints) {
        if (resultCount < ints) {
            resultCount = Math.max(ints, 2 * ANSWER_LONGS);
            results = memory.grow(results, (long) resultCount * Integer.BYTES, "sampling");
        }
        return results;
    }

    // ---- what is uploaded: the draws, then their changes, bans and masks

    /** Returns how many rows are changed. */
    private int lay(List<TokenDraw> draws, int width) {
        numbers.clear();
        int headers = draws.size() * DRAW_INTS;
        numbers.reserve(headers);
        int changed = 0;
        for (int i = 0; i < draws.size(); i++) {
            TokenDraw draw = draws.get(i);
            ScoreChanges changes = draw.changes();
            boolean copied = changes.count() > 0 || changes.bans() > 0 || draw.allowed() != null;
            int changesAt = addChanges(changes) - headers;
            int bansAt = addBans(changes) - headers;
            int maskAt = draw.allowed() == null ? -1 : addMask(draw.allowed(), width) - headers;
            int at = i * DRAW_INTS;
            for (int number : new int[] {
                draw.row(),
                copied ? changed++ : -1,
                changesAt,
                changes.count(),
                bansAt,
                changes.bans(),
                maskAt,
                draw.topK(),
                bits(draw.topP() < 1 ? Math.min(draw.topP(), Math.nextDown(1f)) : 1),
                bits(Math.max(DEEPEST, Math.log(draw.minP()) / Math.log(2))),
                bits(draw.temperature()),
                draw.step(),
                (int) draw.seed(),
                (int) (draw.seed() >>> 32),
                (int) draw.sequence(),
                (int) (draw.sequence() >>> 32)
            }) {
                numbers.set(at++, number);
            }
        }
        return changed;
    }

    private static int bits(double value) {
        return Float.floatToRawIntBits((float) value);
    }

    private int addChanges(ScoreChanges changes) {
        numbers.pad(CHANGE_INTS); // they are read 16 bytes at once
        int start = numbers.count();
        for (int i = 0; i < changes.count(); i++) {
            numbers.add(changes.id(i));
            numbers.add(Float.floatToRawIntBits(changes.added(i)));
            numbers.add(Float.floatToRawIntBits(changes.factor(i)));
            numbers.add(Float.floatToRawIntBits(changes.subtracted(i)));
        }
        return start;
    }

    private int addBans(ScoreChanges changes) {
        int start = numbers.count();
        for (int i = 0; i < changes.bans(); i++) {
            numbers.add(changes.banned(i));
        }
        return start;
    }

    private int addMask(long[] allowed, int width) {
        int start = numbers.count();
        for (int i = 0; i < Math.ceilDiv(width, Long.SIZE); i++) {
            long word = i < allowed.length ? allowed[i] : 0;
            numbers.add((int) word);
            numbers.add((int) (word >>> 32));
        }
        return start;
    }
}
