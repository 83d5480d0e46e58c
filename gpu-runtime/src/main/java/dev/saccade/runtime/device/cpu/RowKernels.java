package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Operations on one row at a time. The last, partial vector is masked, so that every value sees the same arithmetic. */
final class RowKernels {

    private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);

    private RowKernels() {}

    /** {@code target += delta}. */
    static void add(float[] target, int at, float[] delta, int deltaAt, int width) {
        int i = 0;
        for (; i < FLOATS.loopBound(width); i += WIDTH) {
            FloatVector.fromArray(FLOATS, target, at + i)
                    .add(FloatVector.fromArray(FLOATS, delta, deltaAt + i))
                    .intoArray(target, at + i);
        }
        for (; i < width; i++) {
            target[at + i] += delta[deltaAt + i];
        }
    }

    /**
     * {@code out = x / sqrt(mean(x^2) + epsilon) * weight}. The lanes' sums are added in order: the Vector API's own
     * reduction may take another order once it is compiled.
     */
    static void normalize(
            float[] x, int at, float[] weight, int weightAt, int width, float epsilon, float[] out, int to) {
        FloatVector squares = FloatVector.zero(FLOATS);
        int bound = FLOATS.loopBound(width);
        int i = 0;
        for (; i < bound; i += WIDTH) {
            FloatVector v = FloatVector.fromArray(FLOATS, x, at + i);
            squares = v.fma(v, squares);
        }
        float sum = 0;
        if (bound > 0) {
            squares.intoArray(out, to); // overwritten below
            sum = Lanes.sum(out, to);
        }
        for (; i < width; i++) {
            sum += x[at + i] * x[at + i];
        }
        float scale = (float) (1 / Math.sqrt(sum / width + epsilon));
        for (i = 0; i < bound; i += WIDTH) {
            FloatVector.fromArray(FLOATS, x, at + i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(FLOATS, weight, weightAt + i))
                    .intoArray(out, to + i);
        }
        for (; i < width; i++) {
            out[to + i] = x[at + i] * scale * weight[weightAt + i];
        }
    }

    /** {@code out = gate / (1 + e^-gate) * up}. */
    static void swiglu(float[] gateUp, int at, int width, float[] out, int to) {
        int bound = FLOATS.loopBound(width);
        int i = 0;
        for (; i < bound; i += WIDTH) {
            FloatVector gate = FloatVector.fromArray(FLOATS, gateUp, at + i);
            FloatVector up = FloatVector.fromArray(FLOATS, gateUp, at + width + i);
            silu(gate).mul(up).intoArray(out, to + i);
        }
        if (i < width) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, width);
            FloatVector gate = FloatVector.fromArray(FLOATS, gateUp, at + i, rest);
            FloatVector up = FloatVector.fromArray(FLOATS, gateUp, at + width + i, rest);
            silu(gate).mul(up).intoArray(out, to + i, rest);
        }
    }

    private static FloatVector silu(FloatVector x) {
        return x.div(Lanes.exp(x.neg()).add(1f));
    }

    static void gelu(float[] x, int at, int count) {
        int bound = FLOATS.loopBound(count);
        int i = 0;
        for (; i < bound; i += WIDTH) {
            gelu(FloatVector.fromArray(FLOATS, x, at + i)).intoArray(x, at + i);
        }
        if (i < count) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, count);
            gelu(FloatVector.fromArray(FLOATS, x, at + i, rest)).intoArray(x, at + i, rest);
        }
    }

    private static FloatVector gelu(FloatVector x) {
        return Lanes.erf(x.mul((float) Math.sqrt(0.5))).add(ONE).mul(x.mul(0.5f));
    }

    /**
     * Rotates one head in place: {@code (a, b) -> (a cos - b sin, b cos + a sin)} for the values j and j + size / 2.
     *
     * @param cosSin size / 2 cosines from {@code tableAt} on, then the sines
     */
    static void rotate(float[] x, int at, int size, float[] cosSin, int tableAt) {
        int half = size / 2;
        int i = 0;
        for (; i < FLOATS.loopBound(half); i += WIDTH) {
            FloatVector a = FloatVector.fromArray(FLOATS, x, at + i);
            FloatVector b = FloatVector.fromArray(FLOATS, x, at + half + i);
            FloatVector cos = FloatVector.fromArray(FLOATS, cosSin, tableAt + i);
            FloatVector sin = FloatVector.fromArray(FLOATS, cosSin, tableAt + half + i);
            a.mul(cos).sub(b.mul(sin)).intoArray(x, at + i);
            b.mul(cos).add(a.mul(sin)).intoArray(x, at + half + i);
        }
        for (; i < half; i++) {
            float a = x[at + i];
            float b = x[at + half + i];
            float cos = cosSin[tableAt + i];
            float sin = cosSin[tableAt + half + i];
            x[at + i] = a * cos - b * sin;
            x[at + half + i] = b * cos + a * sin;
        }
    }
}
