package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.constrain.RegexNode.Alternation;
import dev.saccade.runtime.constrain.RegexNode.Characters;
import dev.saccade.runtime.constrain.RegexNode.Repeat;
import dev.saccade.runtime.constrain.RegexNode.Sequence;
import java.util.ArrayList;
import java.util.List;

/** Reads the subset of regular expressions that {@code docs/structured-output.md} lists. Everything else is refused by name. */
final class RegexParser {

    static final int MAX_CHARACTERS = 4_096;
    static final int MAX_GROUPS = 50;
    static final int MAX_COUNT = 1_000;

    /** No line terminator of any dialect, so that what we generate suits them all. */
    private static final CodePoints DOT =
            CodePoints.anyOf("\n\r\u0085\u2028\u2029").complement();

    private final RegexScanner in;
    private int groups;

    private RegexParser(String pattern) {
        this.in = new RegexScanner(pattern);
    }

    /**
     * Parses a pattern.
     *
     * @throws InvalidRequestException {@code regex-invalid} or {@code regex-too-large}, with the place in the message
     */
    static Regex parse(String pattern) {
        if (pattern.length() > MAX_CHARACTERS) {
            throw new InvalidRequestException(
                    "regex-too-large",
                    "The regular expression has %,d characters; at most %,d are taken."
                            .formatted(pattern.length(), MAX_CHARACTERS));
        }
        RegexParser parser = new RegexParser(pattern);
        List<Regex.Alternative> alternatives = new ArrayList<>();
        do {
            boolean atStart = parser.in.skip('^');
            RegexNode node = parser.sequence();
            alternatives.add(new Regex.Alternative(node, atStart, parser.in.skip('$')));
        } while (parser.in.skip('|'));
        if (!parser.in.atEnd()) {
            throw parser.in.peek() == ')'
                    ? parser.in.invalid("a ')' closes no group")
                    : parser.in.invalid("'^' and '$' are only supported at the ends of a top-level alternative");
        }
        return new Regex(alternatives);
    }

    private RegexNode alternation() {
        List<RegexNode> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (in.skip('|'));
        return options.size() == 1 ? options.getFirst() : new Alternation(options);
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        while (!in.atEnd() && "|)^$".indexOf(in.peek()) < 0) {
            parts.add(quantified(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(parts);
    }

    private RegexNode atom() {
        int c = in.next();
        return switch (c) {
            case '(' -> group();
            case '[' -> new Characters(RegexClass.parse(in));
            case '.' -> new Characters(DOT);
            case '\\' -> new Characters(RegexEscape.parse(in, false));
            case '*', '+', '?' -> throw in.invalid("a quantifier has nothing to repeat");
            // as in every dialect, a brace that is no quantifier is itself
            default -> new Characters(CodePoints.of(c, c));
        };
    }

    private RegexNode group() {
        if (++groups > MAX_GROUPS) {
            throw new InvalidRequestException(
                    "regex-too-large", "The regular expression's groups are nested deeper than " + MAX_GROUPS + ".");
        }
        if (in.skip('?')) {
            groupKind();
        }
        RegexNode inner = alternation();
        if (!in.skip(')')) {
            throw in.invalid(
                    in.atEnd()
                            ? "a '(' is not closed"
                            : "'^' and '$' are only supported at the ends of a top-level alternative");
        }
        groups--;
        return inner;
    }

    private void groupKind() {
        if (in.skip(':')) {
            return;
        }
        if (in.skip('=') || in.skip('!')) {
            throw in.invalid("lookahead is not supported");
        }
        boolean named = in.skip('P');
        if (in.skip('<')) {
            if (in.skip('=') || in.skip('!')) {
                throw in.invalid("lookbehind is not supported");
            }
            while (!in.skip('>')) {
                int c = in.atEnd() ? -1 : in.next();
                if (c < 0 || !(c == '_' || Character.isLetterOrDigit(c))) {
                    throw in.invalid("a group's name is not closed by '>'");
                }
            }
            return;
        }
        throw in.invalid(
                named
                        ? "a reference to a named group is not supported"
                        : "flags, atomic and conditional groups are not supported");
    }

    private RegexNode quantified(RegexNode atom) {
        RegexNode node = atom;
        boolean repeated = false;
        while (!in.atEnd()) {
            Repeat repeat;
            if (in.skip('*')) {
                repeat = new Repeat(node, 0, RegexNode.UNBOUNDED);
            } else if (in.skip('+')) {
                repeat = new Repeat(node, 1, RegexNode.UNBOUNDED);
            } else if (in.skip('?')) {
                repeat = new Repeat(node, 0, 1);
            } else if (in.atCount()) {
                repeat = in.count(node);
            } else {
                break;
            }
            if (repeated) {
                throw in.invalid("a quantifier follows a quantifier; put the first one in a group");
            }
            repeated = true;
            node = repeat;
            in.skip('?'); // a lazy quantifier accepts the same texts
            if (!in.atEnd() && in.peek() == '+') {
                throw in.invalid("possessive quantifiers are not supported");
            }
        }
        return node;
    }
}
