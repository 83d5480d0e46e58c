package dev.saccade.runtime.constrain;

import java.util.List;

/** A regular expression, parsed. */
sealed interface RegexNode {

    /** One character of a set. */
    record Characters(CodePoints set) implements RegexNode {}

    /** One after the other; of none, the empty text. */
    record Sequence(List<RegexNode> parts) implements RegexNode {}

    /** One of several. */
    record Alternation(List<RegexNode> options) implements RegexNode {}

    /**
     * So many times.
     *
     * @param maximum {@link #UNBOUNDED} for no end
     */
    record Repeat(RegexNode node, int minimum, int maximum) implements RegexNode {}

    int UNBOUNDED = -1;
}
