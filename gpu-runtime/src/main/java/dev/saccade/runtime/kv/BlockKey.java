package dev.saccade.runtime.kv;

/**
 * Names what a full block holds: a whole SHA-256 over the key of the block before, the kinds of its rows, its token ids, and
 * the pictures behind its visual tokens. Equal keys have equal keys and values, to the bit.
 */
public record BlockKey(long first, long second, long third, long fourth) {

    /** A digest is evenly spread already. */
    @Override
    public int hashCode() {
        return (int) first;
    }
}
