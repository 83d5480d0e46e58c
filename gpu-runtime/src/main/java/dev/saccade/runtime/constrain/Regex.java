package dev.saccade.runtime.constrain;

import java.util.List;

/**
 * A parsed regular expression: its top-level alternatives, each perhaps tied to the beginning or end of the text.
 *
 * @param alternatives at least one
 */
record Regex(List<Alternative> alternatives) {

    /** One top-level alternative, and whether {@code ^} and {@code $} stood around it. */
    record Alternative(RegexNode node, boolean atStart, boolean atEnd) {}
}
