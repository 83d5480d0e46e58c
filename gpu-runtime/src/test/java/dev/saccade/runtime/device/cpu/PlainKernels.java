package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.Heads;

/** The operations as a textbook writes them, in double precision. */
final class PlainKernels {

    private PlainKernels() {}

    static float[] linear(float[] x, int rows, Tensor weights, float[] bias) {
        int outputs = weights.shape()[0];
        int inputs = weights.shape()[1];
        float[] out = new float[rows * outputs];
        for (int row = 0; row < rows; row++) {
            for (int n = 0; n < outputs; n++) {
                double sum = bias.length == 0 ? 0 : bias[n];
                for (int k = 0; k < inputs; k++) {
                    sum += (double) x[row * inputs + k] * weights.get((long) n * inputs + k);
                }
                out[row * outputs + n] = (float) sum;
            }
        }
        return out;
    }

    static float[] normalize(float[] x, float[] weight, int rows, double epsilon) {
        int width = weight.length;
        float[] out = new float[x.length];
        for (int row = 0; row < rows; row++) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += (double) x[row * width + i] * x[row * width + i];
            }
            double scale = 1 / Math.sqrt(squares / width + epsilon);
            for (int i = 0; i < width; i++) {
                out[row * width + i] = (float) (x[row * width + i] * scale * weight[i]);
            }
        }
        return out;
    }

    static float[] swiglu(float[] gateUp, int rows, int width) {
        float[] out = new float[rows * width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                double gate = gateUp[row * 2 * width + i];
                out[row * width + i] = (float) (gate / (1 + Math.exp(-gate)) * gateUp[row * 2 * width + width + i]);
            }
        }
        return out;
    }

    static void rotate(float[] qkv, int rows, Heads heads, float[] cosSin) {
        int half = heads.size() / 2;
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < heads.query() + heads.keyValue(); head++) {
                int at = row * heads.rowWidth() + head * heads.size();
                for (int j = 0; j < half; j++) {
                    double cos = cosSin[row * heads.size() + j];
                    double sin = cosSin[row * heads.size() + half + j];
                    double a = qkv[at + j];
                    double b = qkv[at + half + j];
                    qkv[at + j] = (float) (a * cos - b * sin);
                    qkv[at + half + j] = (float) (b * cos + a * sin);
                }
            }
        }
    }

    /** Attention of the row over the rows [first, first + length) of the same (rows, heads.rowWidth()). */
    static float[] attention(float[] qkv, Heads heads, int row, int first, int length) {
        float[] out = new float[heads.queryWidth()];
        for (int head = 0; head < heads.query(); head++) {
            int keyValueHead = head * heads.keyValue() / heads.query();
            double[] weights = new double[length];
            double sum = 0;
            for (int i = 0; i < length; i++) {
                int key = (first + i) * heads.rowWidth() + heads.keyOffset() + keyValueHead * heads.size();
                double score = 0;
                for (int d = 0; d < heads.size(); d++) {
                    score += (double) qkv[row * heads.rowWidth() + head * heads.size() + d] * qkv[key + d];
                }
                weights[i] = Math.exp(score / Math.sqrt(heads.size()));
                sum += weights[i];
            }
            for (int d = 0; d < heads.size(); d++) {
                double value = 0;
                for (int i = 0; i < length; i++) {
                    int at = (first + i) * heads.rowWidth() + heads.valueOffset() + keyValueHead * heads.size();
                    value += weights[i] / sum * qkv[at + d];
                }
                out[head * heads.size() + d] = (float) value;
            }
        }
        return out;
    }
}
