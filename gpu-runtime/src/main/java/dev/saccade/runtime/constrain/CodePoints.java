package dev.saccade.runtime.constrain;

import java.util.Arrays;

/** A set of Unicode code points, never of surrogates, as sorted ranges that don't touch each other. */
final class CodePoints {

    static final CodePoints NONE = new CodePoints(new int[0]);
    static final CodePoints ALL = of(0, Character.MAX_CODE_POINT);

    private final int[] bounds; // first, last, first, last, ...

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    /** The union of ranges, given as first and last code points in turn. */
    static CodePoints of(int... firstsAndLasts) {
        return new CodePoints(normal(firstsAndLasts)).minusSurrogates();
    }

    /** The code points of a text. */
    static CodePoints anyOf(String text) {
        return of(text.codePoints()
                .flatMap(c -> java.util.stream.IntStream.of(c, c))
                .toArray());
    }

    private static int[] normal(int[] ranges) {
        long[] sorted = new long[ranges.length / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) ranges[2 * i] << 32 | ranges[2 * i + 1];
        }
        Arrays.sort(sorted);
        int[] result = new int[ranges.length];
        int size = 0;
        for (long range : sorted) {
            int first = (int) (range >>> 32);
            int last = (int) range;
            if (size > 0 && first <= result[size - 1] + 1) {
                result[size - 1] = Math.max(result[size - 1], last);
            } else {
                result[size++] = first;
                result[size++] = last;
            }
        }
        return Arrays.copyOf(result, size);
    }

    private CodePoints minusSurrogates() {
        return between(0, Character.MIN_SURROGATE - 1)
                .joined(between(Character.MAX_SURROGATE + 1, Character.MAX_CODE_POINT));
    }

    /** Without sorting: all of the other set lies above this one, with a gap. */
    private CodePoints joined(CodePoints above) {
        int[] all = Arrays.copyOf(bounds, bounds.length + above.bounds.length);
        System.arraycopy(above.bounds, 0, all, bounds.length, above.bounds.length);
        return new CodePoints(all);
    }

    CodePoints union(CodePoints other) {
        return new CodePoints(normal(joined(other).bounds));
    }

    CodePoints complement() {
        int[] gaps = new int[bounds.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > next) {
                gaps[size++] = next;
                gaps[size++] = bounds[i] - 1;
            }
            next = bounds[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps[size++] = next;
            gaps[size++] = Character.MAX_CODE_POINT;
        }
        return new CodePoints(Arrays.copyOf(gaps, size)).minusSurrogates();
    }

    CodePoints intersect(CodePoints other) {
        return complement().union(other.complement()).complement();
    }

    CodePoints minus(CodePoints other) {
        return intersect(other.complement());
    }

    /** The part within a range of code points, both ends included. */
    CodePoints between(int low, int high) {
        int[] part = new int[bounds.length];
        int size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            int first = Math.max(bounds[i], low);
            int last = Math.min(bounds[i + 1], high);
            if (first <= last) {
                part[size++] = first;
                part[size++] = last;
            }
        }
        return new CodePoints(Arrays.copyOf(part, size));
    }

    /** All code points less this distance. */
    CodePoints lowered(int distance) {
        return new CodePoints(
                Arrays.stream(bounds).map(bound -> bound - distance).toArray());
    }

    boolean contains(int codePoint) {
        return !between(codePoint, codePoint).isEmpty();
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    /** The lowest code point of a set that is not empty. */
    int lowest() {
        return bounds[0];
    }

    /** How many code points. */
    int size() {
        int size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}
