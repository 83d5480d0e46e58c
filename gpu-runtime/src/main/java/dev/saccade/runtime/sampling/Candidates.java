package dev.saccade.runtime.sampling;

/**
 * Token ids that can be taken out from the likeliest to the least likely: a binary heap over their scores, built in linear
 * time, so that top-k and top-p need no sort of the whole vocabulary. Of equal scores the lower id comes first.
 */
final class Candidates {

    private final double[] scores;
    private final int[] heap;
    private int size;

    /** Uses the first {@code size} ids of {@code heap}, in any order, and reorders them. */
    Candidates(double[] scores, int[] heap, int size) {
        this.scores = scores;
        this.heap = heap;
        this.size = size;
        for (int parent = size / 2 - 1; parent >= 0; parent--) {
            sink(parent);
        }
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The likeliest id that is left. */
    int peek() {
        return heap[0];
    }

    /**
     * Takes the likeliest id out. It is put at the array's end, behind those that are left, so after k calls the last k
     * elements of the first {@code size} hold the k likeliest, the likeliest last.
     */
    int poll() {
        int best = heap[0];
        size--;
        heap[0] = heap[size];
        heap[size] = best;
        sink(0);
        return best;
    }

    private void sink(int start) {
        int parent = start;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                return;
            }
            if (child + 1 < size && before(heap[child + 1], heap[child])) {
                child++;
            }
            if (!before(heap[child], heap[parent])) {
                return;
            }
            int moved = heap[parent];
            heap[parent] = heap[child];
            heap[child] = moved;
            parent = child;
        }
    }

    private boolean before(int first, int second) {
        return scores[first] > scores[second] || (scores[first] == scores[second] && first < second);
    }
}
