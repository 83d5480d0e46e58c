package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The characters of a pattern, one after the other. */
final class RegexScanner {

    private static final Pattern COUNT = Pattern.compile("\\{(\\d+)(,(\\d*))?}");

    private final String pattern;
    private int position;

    RegexScanner(String pattern) {
        this.pattern = pattern;
    }

    boolean atEnd() {
        return position == pattern.length();
    }

    /** The next code point, which stays. */
    int peek() {
        int c = pattern.codePointAt(position);
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw invalid("half a surrogate pair is no character");
        }
        return c;
    }

    /** Takes the next code point. */
    int next() {
        if (atEnd()) {
            throw invalid("it ends too early");
        }
        int c = peek();
        position += Character.charCount(c);
        return c;
    }

    /** Takes this character where it is next. */
    boolean skip(char expected) {
        boolean there = !atEnd() && pattern.charAt(position) == expected;
        position += there ? 1 : 0;
        return there;
    }

    /** Takes so many hexadecimal digits. */
    int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw invalid("a hexadecimal digit is missing");
            }
            value = 16 * value + digit;
        }
        return value;
    }

    /** Whether a counted quantifier is next. */
    boolean atCount() {
        return pattern.startsWith("{", position) && count().lookingAt();
    }

    private Matcher count() {
        return COUNT.matcher(pattern).region(position, pattern.length());
    }

    /** Takes a counted quantifier. */
    RegexNode.Repeat count(RegexNode node) {
        Matcher matcher = count();
        if (!matcher.lookingAt()) {
            throw invalid("a count is malformed");
        }
        int minimum = number(matcher.group(1));
        int maximum = minimum;
        if (matcher.group(2) != null) {
            maximum = matcher.group(3).isEmpty() ? RegexNode.UNBOUNDED : number(matcher.group(3));
        }
        if (maximum != RegexNode.UNBOUNDED && maximum < minimum) {
            throw invalid("a count's maximum is below its minimum");
        }
        position = matcher.end();
        return new RegexNode.Repeat(node, minimum, maximum);
    }

    private static int number(String digits) {
        if (digits.length() > 9 || Integer.parseInt(digits) > RegexParser.MAX_COUNT) {
            throw new InvalidRequestException(
                    "regex-too-large",
                    "The regular expression counts to %s; at most %,d repetitions are taken."
                            .formatted(digits.length() > 9 ? "more than 9 digits" : digits, RegexParser.MAX_COUNT));
        }
        return Integer.parseInt(digits);
    }

    /** A refusal that names the place. */
    InvalidRequestException invalid(String problem) {
        return new InvalidRequestException(
                "regex-invalid",
                "The regular expression can't be used: " + problem + " (at character " + position + ").");
    }
}
