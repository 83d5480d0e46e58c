package dev.saccade.runtime.sampling;

/**
 * The tokens that can still be chosen, and those of them that are. Candidates are taken out from the likeliest to the least
 * likely by a binary heap, built in linear time, so that top-k and top-p need no sort. Of equal scores the lower id comes
 * first.
 */
final class Candidates {

    private final int[] ids;
    private final double[] scores;
    private final double[] powers; // e^score, once the candidates are weighed
    private int size;
    private final int[] chosen;
    private final double[] weights;
    private int chosenSize;
    private double sum;

    Candidates(int vocabularySize) {
        this.ids = new int[vocabularySize];
        this.scores = new double[vocabularySize + TileWeights.PADDING];
        this.powers = new double[vocabularySize + TileWeights.PADDING];
        this.chosen = new int[vocabularySize];
        this.weights = new double[vocabularySize];
    }

    void clear() {
        size = 0;
        chosenSize = 0;
        sum = 0;
    }

    void add(int id, double score) {
        ids[size] = id;
        scores[size++] = score;
    }

    /** Candidates that are left. */
    int size() {
        return size;
    }

    /** The likeliest candidate's id. */
    int likeliest() {
        int best = 0;
        for (int i = 1; i < size; i++) {
            if (before(i, best)) {
                best = i;
            }
        }
        return ids[best];
    }

    /** Makes scores relative to the highest and to the temperature, and drops what is lower than {@code lowest} then. */
    void scale(double highest, double temperature, double lowest) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            double score = (scores[i] - highest) / temperature;
            if (score >= lowest) {
                ids[kept] = ids[i];
                scores[kept++] = score;
            }
        }
        size = kept;
    }

    /** Weighs each candidate; the sum of e^score over all of them. */
    double weigh() {
        TileWeights.exp(scores, size, powers);
        double all = 0;
        for (int i = 0; i < size; i++) {
            all += powers[i];
        }
        return all;
    }

    /** Chooses all weighed candidates, in their order. */
    void chooseAll() {
        for (int i = 0; i < size; i++) {
            choose(i);
        }
        size = 0;
    }

    /** Chooses the likeliest of the weighed candidates, at least one, until their weights reach {@code limit}. */
    void chooseWeight(double limit) {
        order();
        do {
            choose(0);
            removeFirst();
        } while (size > 0 && sum < limit);
    }

    /** Chooses the likeliest {@code count} of the weighed candidates, and what is as likely as the last of them. */
    void chooseCount(int count) {
        order();
        double last = Double.NEGATIVE_INFINITY;
        while (size > 0 && powers[0] > 0 && (chosenSize < count || scores[0] >= last)) {
            last = scores[0];
            choose(0);
            removeFirst();
        }
    }

    /** Keeps the first of the chosen, at least one, until their weights reach a share of the sum of all chosen. */
    void cutChosen(double share) {
        double limit = share * sum;
        int kept = 0;
        sum = 0;
        while (kept < chosenSize && (kept == 0 || sum < limit)) {
            sum += weights[kept++];
        }
        chosenSize = kept;
    }

    private void choose(int index) {
        if (powers[index] == 0) {
            return; // too unlikely to be ever drawn
        }
        chosen[chosenSize] = ids[index];
        weights[chosenSize] = powers[index];
        sum += weights[chosenSize++];
    }

    int chosen() {
        return chosenSize;
    }

    int chosen(int index) {
        return chosen[index];
    }

    double probability(int index) {
        return weights[index] / sum;
    }

    /** The chosen token at a point of [0, 1) of the cumulative distribution. */
    int at(double point) {
        double left = point * sum;
        for (int i = 0; i < chosenSize - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return chosen[i];
            }
        }
        return chosen[chosenSize - 1];
    }

    private void order() {
        for (int parent = size / 2 - 1; parent >= 0; parent--) {
            sink(parent);
        }
    }

    private void removeFirst() {
        size--;
        ids[0] = ids[size];
        scores[0] = scores[size];
        powers[0] = powers[size];
        sink(0);
    }

    private void sink(int start) {
        int parent = start;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(child + 1, child)) {
                child++;
            }
            if (!before(child, parent)) {
                return;
            }
            swap(child, parent);
            parent = child;
        }
    }

    private void swap(int one, int other) {
        int id = ids[one];
        ids[one] = ids[other];
        ids[other] = id;
        double score = scores[one];
        scores[one] = scores[other];
        scores[other] = score;
        double power = powers[one];
        powers[one] = powers[other];
        powers[other] = power;
    }

    private boolean before(int first, int second) {
        return scores[first] > scores[second] || (scores[first] == scores[second] && ids[first] < ids[second]);
    }
}
