package dev.saccade.runtime.sampling;

/**
 * Tokens that may be chosen, likeliest first where a limit is set, and their unnormalised probabilities. It lives in the
 * sampler's scratch memory until the next step.
 */
final class Distribution {

    private final int[] ids;
    private final double[] weights;
    private final int from;
    private final int size;
    private final double sum;

    /** {@code weights[i]} belongs to the token {@code ids[from + size - 1 - i]}, as {@link Candidates} leaves them. */
    Distribution(int[] ids, double[] weights, int from, int size, double sum) {
        this.ids = ids;
        this.weights = weights;
        this.from = from;
        this.size = size;
        this.sum = sum;
    }

    int size() {
        return size;
    }

    int id(int index) {
        return ids[from + size - 1 - index];
    }

    double probability(int index) {
        return weights[index] / sum;
    }

    /** The token at a point of [0, 1) of the cumulative distribution. */
    int at(double point) {
        double left = point * sum;
        for (int i = 0; i < size - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return id(i);
            }
        }
        return id(size - 1);
    }
}
