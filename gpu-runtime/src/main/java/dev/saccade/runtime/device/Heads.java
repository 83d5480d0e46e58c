package dev.saccade.runtime.device;

/**
 * Sizes of an attention.
 *
 * @param query query heads
 * @param keyValue heads of keys and values; divides {@code query}, each serves {@code query / keyValue} query heads
 * @param size values of one head
 */
public record Heads(int query, int keyValue, int size) {

    public Heads {
        if (query % keyValue != 0) {
            throw new IllegalArgumentException(
                    query + " query heads do not share " + keyValue + " key-value heads evenly");
        }
    }

    /** Values of one row that holds queries, keys and values one after the other. */
    public int rowWidth() {
        return (query + 2 * keyValue) * size;
    }

    /** Values of one row of queries, and of the attention's output. */
    public int queryWidth() {
        return query * size;
    }

    /** Where the keys begin in a row; the values follow {@code keyValue * size} later. */
    public int keyOffset() {
        return query * size;
    }

    public int valueOffset() {
        return (query + keyValue) * size;
    }
}
