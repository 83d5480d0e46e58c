package dev.saccade.runtime.constrain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Adds numbers to an automaton, without leading zeros or minus zero, and with bounded digits. */
final class NumberPieces {

    /** Digits before the point where no bound asks for more: every such integer is exact as a double. */
    static final int INTEGER_DIGITS = 15;

    /** Digits after the point. */
    static final int FRACTION_DIGITS = 15;

    /** Digits before the point of a bound. */
    static final int MAX_BOUND_DIGITS = 30;

    private static final RegexNode ANY_NUMBER = RegexParser.parse(
                    "-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,15})?(?:[eE][+\\-]?[0-9]{1,2})?")
            .alternatives()
            .getFirst()
            .node();

    private final Nfa nfa;
    private final RegexPieces regex;

    NumberPieces(Nfa nfa, Budget budget) {
        this.nfa = nfa;
        this.regex = new RegexPieces(nfa, Spelling.PLAIN, budget);
    }

    /** One side of a range. */
    record Bound(BigDecimal value, boolean inclusive) {

        private Bound negate() {
            return new Bound(value.negate(), inclusive);
        }

        private boolean tooLongToWrite() {
            BigDecimal shortest = value.stripTrailingZeros();
            return shortest.scale() > FRACTION_DIGITS
                    || (long) shortest.precision() - shortest.scale() > MAX_BOUND_DIGITS;
        }

        /** Refuses what would need a huge automaton. */
        Bound checked(SchemaPlace place) {
            if (tooLongToWrite()) {
                throw place.tooLarge("a bound of a number has more than %d digits before or %d after the point"
                        .formatted(MAX_BOUND_DIGITS, FRACTION_DIGITS));
            }
            return this;
        }
    }

    /** A number with at most 15 digits on either side of the point and perhaps an exponent of two digits. */
    int anyNumber(int from) {
        return regex.add(from, ANY_NUMBER);
    }

    /** An integer within bounds, where they are given. */
    int integer(int from, @Nullable Bound lower, @Nullable Bound upper) {
        @Nullable Bound low = lower == null ? null : new Bound(new BigDecimal(ceiling(lower)), true);
        @Nullable
        Bound high = upper == null
                ? null
                : new Bound(new BigDecimal(ceiling(upper.negate()).negate()), true);
        return range(from, low, high, 0);
    }

    private static BigInteger ceiling(Bound bound) {
        BigInteger rounded = bound.value().setScale(0, RoundingMode.CEILING).toBigIntegerExact();
        boolean excluded = !bound.inclusive() && new BigDecimal(rounded).compareTo(bound.value()) == 0;
        return excluded ? rounded.add(BigInteger.ONE) : rounded;
    }

    /** A number within bounds, at least one of which is given; without an exponent. */
    int number(int from, @Nullable Bound lower, @Nullable Bound upper) {
        return range(from, lower, upper, FRACTION_DIGITS);
    }

    private int range(int from, @Nullable Bound lower, @Nullable Bound upper, int fractionDigits) {
        Bound low = lower == null ? widest(upper).negate() : lower;
        Bound high = upper == null ? widest(lower) : upper;
        int end = nfa.state();
        if (high.value().signum() >= 0) {
            Bound zero = new Bound(BigDecimal.ZERO, true);
            new DigitRange(nfa, low.value().signum() < 0 ? zero : low, high, fractionDigits, end).add(from);
        }
        if (low.value().signum() < 0) {
            // strictly below zero, as there is no minus zero
            Bound zero = new Bound(BigDecimal.ZERO, false);
            Bound magnitude = high.value().signum() < 0 ? high.negate() : zero;
            new DigitRange(nfa, magnitude, low.negate(), fractionDigits, end).add(nfa.ascii(from, '-'));
        }
        return end;
    }

    /** The bound on a side that has none: 15 digits, or one more than the other side's. */
    private static Bound widest(@Nullable Bound other) {
        int digits = INTEGER_DIGITS;
        if (other != null) {
            BigDecimal value = other.value();
            digits = Math.max(digits, value.precision() - value.scale() + 1);
        }
        return new Bound(BigDecimal.TEN.pow(digits), false);
    }
}
