package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.DrawCases.controlledDraw;
import static dev.saccade.runtime.device.cuda.DrawCases.draw;
import static dev.saccade.runtime.device.cuda.KernelCases.cachedProduct;
import static dev.saccade.runtime.device.cuda.KernelCases.decode;
import static dev.saccade.runtime.device.cuda.KernelCases.kinds;
import static dev.saccade.runtime.device.cuda.KernelCases.linear;
import static dev.saccade.runtime.device.cuda.KernelCases.norm;
import static dev.saccade.runtime.device.cuda.KernelCases.prefill;
import static dev.saccade.runtime.device.cuda.KernelCases.rows;
import static dev.saccade.runtime.device.cuda.KernelCases.segments;
import static dev.saccade.runtime.device.cuda.KernelCases.swiglu;
import static dev.saccade.runtime.device.cuda.KernelCases.vision;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.RowKinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The shapes at which {@link CudaCheck} and the tests run each kernel: odd ones to be compared, the 7B model's to be timed too. */
final class KernelShapes {

    private KernelShapes() {}

    /** Small and uneven. */
    static List<KernelCase> odd() {
        List<KernelCase> cases = new ArrayList<>();
        for (int rows : new int[] {1, 2, 7, 8, 9, 15, 16, 17, 33, 130}) {
            cases.add(linear(rows, 192, 208));
            cases.add(linear(rows, 340, 128));
            cases.add(swiglu(kinds(rows), 256, 704));
        }
        for (int rows : new int[] {17, 33, 64, 65, 130}) {
            cases.add(swiglu(RowKinds.ofAnswers(rows), 192, 200));
        }
        Heads demo = new Heads(4, 2, 64);
        Heads large = new Heads(14, 2, 128);
        for (Heads heads : List.of(demo, large, new Heads(8, 1, 32))) {
            for (int length : new int[] {1, 15, 16, 17, 31, 33, 127, 128, 129, 257, 700}) {
                cases.add(decode(heads, 1, length, 256));
            }
            cases.add(decode(heads, 5, 300, 256));
            cases.add(decode(heads, 16, 130, 256));
            cases.add(decode(heads, 17, 260, 192));
            cases.add(decode(heads, 70, 40, 128));
            for (int rows : new int[] {1, 2, 15, 16, 17, 63, 64, 65, 100, 130}) {
                cases.add(prefill(heads, 0, rows));
                cases.add(prefill(heads, 75, rows));
            }
            cases.add(prefill(heads, 16, 16)); // from block to block, and from tile to tile
            cases.add(prefill(heads, 64, 64));
            cases.add(prefill(heads, 31, 33));
            cases.add(prefill(heads, 15, 2));
        }
        for (int rows : new int[] {1, 8, 9, 16, 17, 40, 64, 65}) {
            cases.add(cachedProduct(demo, rows, 192));
        }
        cases.add(cachedProduct(large, 129, 128));
        cases.add(segments(new Heads(4, 4, 32), new int[] {0, 16, 32, 40, 41, 120}));
        cases.add(segments(new Heads(2, 2, 80), new int[] {0, 64, 128, 160, 400}));
        cases.add(segments(new Heads(2, 2, 128), new int[] {0, 3, 130}));
        cases.add(segments(new Heads(2, 2, 80), new int[] {0, 1, 1, 64, 65, 65})); // single rows, and none
        cases.add(norm(1, 256));
        cases.add(norm(3, 256));
        cases.add(norm(2, 8192));
        cases.add(rows(1, 64));
        cases.add(rows(130, 340));
        cases.add(vision(2, 340));
        for (int width : new int[] {1, 31, 32, 33, 999, 1000}) {
            cases.add(draw(3, width, 0, 0, 1));
            cases.add(draw(3, width, 1, Math.min(40, width), 0.9));
            cases.add(controlledDraw(5, width, 1, Math.min(40, width), 0.9));
        }
        cases.add(draw(2, 20_000, 0.6, 20, 0.95)); // more tokens than can be candidates
        return cases;
    }

    /** One of each kind, of random sizes. */
    static List<KernelCase> random(long seed) {
        Random random = new Random(seed);
        Heads[] known = {new Heads(4, 2, 64), new Heads(14, 2, 128), new Heads(8, 1, 32), new Heads(6, 3, 128)};
        Heads heads = known[random.nextInt(known.length)];
        int visionHeads = 1 + random.nextInt(3);
        int visionSize = List.of(32, 80, 128).get(random.nextInt(3));
        int inputs = 8 * (1 + random.nextInt(60));
        int outputs = 8 * (1 + random.nextInt(60));
        int rows = 1 + random.nextInt(random.nextBoolean() ? 16 : 150);
        int width = 1 + random.nextInt(3000);
        int[] boundaries = new int[2 + random.nextInt(6)];
        for (int i = 1; i < boundaries.length; i++) {
            boundaries[i] = boundaries[i - 1] + random.nextInt(140);
        }
        boundaries[boundaries.length - 1]++;
        return List.of(
                linear(rows, inputs, outputs),
                swiglu(random.nextBoolean() ? RowKinds.ofAnswers(rows) : kinds(rows), inputs, outputs),
                cachedProduct(heads, rows, 64 * (1 + random.nextInt(5))),
                decode(heads, 1 + random.nextInt(20), 1 + random.nextInt(400), 64 * (1 + random.nextInt(3))),
                prefill(heads, random.nextInt(200), 1 + random.nextInt(200)),
                segments(new Heads(visionHeads, visionHeads, visionSize), boundaries),
                norm(rows, 8 * (1 + random.nextInt(300))),
                rows(rows, 8 * (1 + random.nextInt(60))),
                draw(1 + random.nextInt(5), width, 0, 0, 1),
                controlledDraw(1 + random.nextInt(5), width, 0.7, 1 + random.nextInt(Math.min(width, 60)), 0.95));
    }

    /** Of the 7B model. */
    static List<KernelCase> large() {
        List<KernelCase> cases = new ArrayList<>();
        for (int rows : new int[] {1, 8, 16, 64, 512, 2048}) {
            cases.add(linear(rows, 3584, 3584));
            cases.add(linear(rows, 18944, 3584));
            cases.add(swiglu(kinds(rows), 3584, 18944));
        }
        for (int rows : new int[] {32, 64, 128}) {
            cases.add(swiglu(RowKinds.ofAnswers(rows), 3584, 18944));
            cases.add(cachedProduct(new Heads(28, 4, 128), rows, 3584));
        }
        cases.add(linear(1, 3584, 152064));
        cases.add(linear(16, 3584, 152064));
        Heads heads = new Heads(28, 4, 128);
        for (int length : new int[] {1024, 8192, 32768}) {
            for (int rows : new int[] {1, 8, 32, 128}) {
                if ((long) length * rows <= 1 << 18) {
                    cases.add(decode(heads, rows, length, 3584));
                }
            }
        }
        cases.add(prefill(heads, 0, 512));
        cases.add(prefill(heads, 0, 2048));
        cases.add(prefill(heads, 7680, 512));
        cases.add(segments(new Heads(16, 16, 80), everyOf(64, 4096)));
        cases.add(segments(new Heads(16, 16, 80), everyOf(4096, 4096)));
        cases.add(norm(1, 3584));
        cases.add(norm(2048, 3584));
        cases.add(draw(1, 152_064, 0, 0, 1));
        cases.add(draw(64, 152_064, 0, 0, 1));
        cases.add(draw(1, 152_064, 0.6, 0, 0.95));
        cases.add(draw(64, 152_064, 0.6, 20, 0.95));
        return cases;
    }

    private static int[] everyOf(int segment, int rows) {
        int[] boundaries = new int[rows / segment + 1];
        for (int i = 0; i < boundaries.length; i++) {
            boundaries[i] = i * segment;
        }
        return boundaries;
    }
}
