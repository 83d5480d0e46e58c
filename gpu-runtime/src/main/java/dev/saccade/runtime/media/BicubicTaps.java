package dev.saccade.runtime.media;

/**
 * Which source pixels make each target pixel along one side, and with what weight: the bicubic kernel (a = -0.5),
 * widened when shrinking so that every source pixel counts (antialiasing). Pillow and PyTorch compute the same taps,
 * the first in double, the second in float.
 *
 * @param first index of the first source pixel of each target pixel
 * @param count number of source pixels of each target pixel
 * @param weights (target side, stride), the weights of each target pixel, summing to 1
 * @param stride most source pixels of any target pixel
 */
@SuppressWarnings("ArrayRecordComponent") // internal tables, never compared
record BicubicTaps(int[] first, int[] count, double[] weights, int stride) {

    private static final double A = -0.5;

    static BicubicTaps exact(int source, int target) {
        return compute(source, target, false);
    }

    /** Every step rounded to float, as PyTorch does for float32 pictures. */
    static BicubicTaps single(int source, int target) {
        return compute(source, target, true);
    }

    private static BicubicTaps compute(int source, int target, boolean single) {
        double scale = round((double) source / target, single);
        double filterScale = Math.max(scale, 1);
        double support = round(2 * filterScale, single);
        double inverse = round(1 / filterScale, single);
        int stride = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[target];
        int[] count = new int[target];
        double[] weights = new double[target * stride];
        for (int i = 0; i < target; i++) {
            double center = round(scale * (i + 0.5), single);
            int from = Math.max((int) round(center - support + 0.5, single), 0);
            int taps = Math.min((int) round(center + support + 0.5, single), source) - from;
            first[i] = from;
            count[i] = taps;
            double sum = 0;
            for (int j = 0; j < taps; j++) {
                double weight = cubic(round((j + from - center + 0.5) * inverse, single), single);
                weights[i * stride + j] = weight;
                sum = round(sum + weight, single);
            }
            for (int j = 0; j < taps; j++) {
                weights[i * stride + j] = round(weights[i * stride + j] / sum, single);
            }
        }
        return new BicubicTaps(first, count, weights, stride);
    }

    private static double cubic(double position, boolean single) {
        double x = Math.abs(position);
        if (x < 1) {
            return round(((A + 2) * x - (A + 3)) * x * x + 1, single);
        }
        return x < 2 ? round((((x - 5) * x + 8) * x - 4) * A, single) : 0;
    }

    private static double round(double value, boolean single) {
        return single ? (float) value : value;
    }
}
