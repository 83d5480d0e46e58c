package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.cuda.KernelCase.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Draws of tokens, for {@link CudaCheck}: the device's against {@link PlainDraw}'s. */
final class DrawCases {

    private static final int DRAWS_OF_ROW = 8;
    private static final int LIKELIEST = 8;

    private DrawCases() {}

    /** A token of each row; the host's are drawn as the definition reads. The last token of the vocabulary is banned. */
    static KernelCase draw(int rows, int width, double temperature, int topK, double topP) {
        ScoreChanges changes = new ScoreChanges();
        if (width > 1) {
            changes.ban(width - 1);
        }
        changes.change(width / 2, 1, 1.1, 0.5);
        List<TokenDraw> draws = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            draws.add(new TokenDraw(row, temperature, topP, topK, 0, 0, 0, row, changes, null));
        }
        return draw("draw", rows, width, draws);
    }

    /** Many draws from each row, each with a mask, penalties and random numbers of its own; the likeliest tokens are changed and banned. */
    static KernelCase controlledDraw(int rows, int width, double temperature, int topK, double topP) {
        Random random = new Random(width);
        float[] logits = logits(rows, width);
        List<TokenDraw> draws = new ArrayList<>();
        for (int i = 0; i < DRAWS_OF_ROW * rows; i++) {
            int[] likeliest = likeliest(logits, i % rows * width, width);
            ScoreChanges changes = new ScoreChanges();
            IntStream.concat(random.ints(width / 4, 0, width), IntStream.of(likeliest))
                    .distinct()
                    .forEach(
                            id -> changes.change(id, random.nextFloat(), 1 + random.nextDouble(), random.nextDouble()));
            for (int id : likeliest) {
                changes.ban(id);
            }
            long[] allowed = i % 2 == 0
                    ? null
                    : random.longs(Math.ceilDiv(width, Long.SIZE)).toArray();
            draws.add(new TokenDraw(
                    i % rows,
                    temperature,
                    topP,
                    topK,
                    0,
                    random.nextLong(),
                    random.nextLong(),
                    random.nextInt(1000),
                    changes,
                    allowed));
        }
        return draw("draw with controls", rows, width, draws);
    }

    /** Those of every second row are all below 0. */
    private static float[] logits(int rows, int width) {
        float[] logits = KernelCases.gaussian(new Random(width), rows * width, 4);
        for (int i = 0; i < logits.length; i++) {
            logits[i] -= i / width % 2 * 30;
        }
        return logits;
    }

    /** A row's likeliest tokens, a quarter of them at the most. */
    private static int[] likeliest(float[] logits, int from, int width) {
        return IntStream.range(0, width)
                .boxed()
                .sorted(Comparator.comparingDouble(id -> -logits[from + id]))
                .limit(Math.min(LIKELIEST, width / 4))
                .mapToInt(id -> id)
                .toArray();
    }

    private static KernelCase draw(String kernel, int rows, int width, List<TokenDraw> draws) {
        TokenDraw first = draws.getFirst();
        String shape = rows + " of " + width + ", temperature " + first.temperature() + ", top-k " + first.topK()
                + ", top-p " + first.topP();
        return new KernelCase(kernel, shape, 4.0 * rows * width, 0, device -> {
            float[] logits = logits(rows, width);
            DeviceBuffer scores = KernelCases.plain(device, logits);
            int[] tokens = new int[draws.size()];
            Runnable operation = device.drawsTokens() ? () -> device.draw(scores, width, draws, tokens) : () -> {};
            return Run.thatWaits(operation, () -> {
                float[] drawn = new float[tokens.length];
                for (int i = 0; i < drawn.length; i++) {
                    int from = draws.get(i).row() * width;
                    float[] own = Arrays.copyOfRange(logits, from, from + width);
                    int token = device.drawsTokens() ? tokens[i] : PlainDraw.of(own, draws.get(i));
                    drawn[i] = 2 + token; // differences are relative: never 0
                }
                return drawn;
            });
        });
    }
}
