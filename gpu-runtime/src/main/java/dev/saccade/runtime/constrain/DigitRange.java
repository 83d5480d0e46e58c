package dev.saccade.runtime.constrain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * The decimal numbers between two that are not negative, digit by digit. A number is tight to a bound as long as its digits
 * so far are the bound's own, and free of it from the first digit that differs.
 */
final class DigitRange {

    private static final int NOT_MADE = -1;

    private final Nfa nfa;
    private final Digits low;
    private final Digits high;
    private final int fractionDigits;
    private final int end;
    private final int[] freeInteger; // per number of digits still to come before the point
    private final int[] freeFraction; // per number of digits so far after the point

    /** A bound with {@code fractionDigits} digits after the point. */
    private record Digits(String integer, String fraction, boolean included) {

        static Digits of(NumberPieces.Bound bound, int fractionDigits) {
            BigDecimal value = bound.value().setScale(fractionDigits, RoundingMode.UNNECESSARY);
            String digits = value.unscaledValue().toString();
            digits = "0".repeat(Math.max(0, fractionDigits + 1 - digits.length())) + digits;
            int point = digits.length() - fractionDigits;
            return new Digits(digits.substring(0, point), digits.substring(point), bound.inclusive());
        }

        /** Whether the bound has nothing but zeros from this digit after the point on. */
        boolean zerosFrom(int digit) {
            return fraction.substring(digit).chars().allMatch(c -> c == '0');
        }
    }

    /** To which bounds the digits so far are tight. */
    private record Tight(boolean low, boolean high) {}

    /** Receives the digits that may come next. */
    private interface Next {
        void add(int lowest, int highest, Tight tight);
    }

    /** The range, from state to state; both bounds are from 0. */
    DigitRange(Nfa nfa, NumberPieces.Bound low, NumberPieces.Bound high, int fractionDigits, int end) {
        this.nfa = nfa;
        this.low = Digits.of(low, fractionDigits);
        this.high = Digits.of(high, fractionDigits);
        this.fractionDigits = fractionDigits;
        this.end = end;
        this.freeInteger = new int[this.high.integer().length() + 1];
        this.freeFraction = new int[fractionDigits + 1];
        Arrays.fill(freeInteger, NOT_MADE);
        Arrays.fill(freeFraction, NOT_MADE);
    }

    void add(int from) {
        for (int length = low.integer().length(); length <= high.integer().length(); length++) {
            Tight tight = new Tight(
                    length == low.integer().length(), length == high.integer().length());
            integer(from, length, 0, tight);
        }
    }

    private void integer(int from, int length, int position, Tight tight) {
        if (!tight.low() && !tight.high()) {
            if (position > 0) {
                nfa.epsilon(from, freeInteger(length - position));
            } else {
                nfa.edge(from, '1', '9', freeInteger(length - 1));
            }
            return;
        }
        if (position == length) {
            stop(from, 0, tight);
            if (fractionDigits > 0) {
                fraction(nfa.ascii(from, '.'), 0, tight);
            }
            return;
        }
        // no leading zeros; a tight low bound has none itself
        char lowest = tight.low() ? low.integer().charAt(position) : position == 0 ? '1' : '0';
        char highest = tight.high() ? high.integer().charAt(position) : '9';
        digits(lowest, highest, tight, (first, last, after) -> {
            int next = nfa.state();
            nfa.edge(from, first, last, next);
            integer(next, length, position + 1, after);
        });
    }

    private void fraction(int from, int position, Tight tight) {
        if (position == fractionDigits) {
            return;
        }
        char lowest = tight.low() ? low.fraction().charAt(position) : '0';
        char highest = tight.high() ? high.fraction().charAt(position) : '9';
        digits(lowest, highest, tight, (first, last, after) -> {
            if (!after.low() && !after.high()) {
                nfa.edge(from, first, last, freeFraction(position + 1));
                return;
            }
            int next = nfa.state();
            nfa.edge(from, first, last, next);
            stop(next, position + 1, after);
            fraction(next, position + 1, after);
        });
    }

    /** Splits the digits that are possible by what they are tight to afterwards. */
    private static void digits(char lowest, char highest, Tight tight, Next next) {
        if (lowest > highest) {
            return;
        }
        if (lowest == highest) {
            next.add(lowest, highest, tight);
            return;
        }
        int first = lowest;
        int last = highest;
        if (tight.low()) {
            next.add(first, first, new Tight(true, false));
            first++;
        }
        if (tight.high()) {
            next.add(last, last, new Tight(false, true));
            last--;
        }
        if (first <= last) {
            next.add(first, last, new Tight(false, false));
        }
    }

    /** Lets the number end after so many digits of its fraction, where it is within the bounds so. */
    private void stop(int state, int fractionSoFar, Tight tight) {
        boolean fromLow = !tight.low() || (low.included() && low.zerosFrom(fractionSoFar));
        boolean toHigh = !tight.high() || high.included() || !high.zerosFrom(fractionSoFar);
        if (fromLow && toHigh) {
            nfa.epsilon(state, end);
        }
    }

    private int freeInteger(int digits) {
        if (freeInteger[digits] == NOT_MADE) {
            int state = nfa.state();
            freeInteger[digits] = state;
            if (digits > 0) {
                nfa.edge(state, '0', '9', freeInteger(digits - 1));
            } else {
                nfa.epsilon(state, end);
                if (fractionDigits > 0) {
                    nfa.edge(nfa.ascii(state, '.'), '0', '9', freeFraction(1));
                }
            }
        }
        return freeInteger[digits];
    }

    private int freeFraction(int digits) {
        if (freeFraction[digits] == NOT_MADE) {
            int state = nfa.state();
            freeFraction[digits] = state;
            nfa.epsilon(state, end);
            if (digits < fractionDigits) {
                nfa.edge(state, '0', '9', freeFraction(digits + 1));
            }
        }
        return freeFraction[digits];
    }
}
