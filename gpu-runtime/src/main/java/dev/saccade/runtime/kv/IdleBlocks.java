package dev.saccade.runtime.kv;

/** Blocks that nobody holds but whose content may be wanted again, from the longest unused one on: a linked ring. */
final class IdleBlocks {

    private final int[] previous;
    private final int[] next;
    private final int anchor; // before the first and after the last
    private int size;

    IdleBlocks(int blocks) {
        this.previous = new int[blocks + 1];
        this.next = new int[blocks + 1];
        this.anchor = blocks;
        previous[anchor] = anchor;
        next[anchor] = anchor;
    }

    int size() {
        return size;
    }

    void add(int block) {
        int last = previous[anchor];
        next[last] = block;
        previous[block] = last;
        next[block] = anchor;
        previous[anchor] = block;
        size++;
    }

    void remove(int block) {
        next[previous[block]] = next[block];
        previous[next[block]] = previous[block];
        size--;
    }

    /** Takes out the one that has been idle for longest. There is one. */
    int removeOldest() {
        int oldest = next[anchor];
        remove(oldest);
        return oldest;
    }
}
