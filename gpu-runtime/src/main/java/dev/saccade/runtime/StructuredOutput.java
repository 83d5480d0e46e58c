package dev.saccade.runtime;

import java.util.List;

/**
 * What the whole answer must look like. Every token is chosen among those that keep to it, so an answer that was not cut off
 * by its token limit always fits. What is supported, and the limits, are in {@code docs/structured-output.md}.
 */
public sealed interface StructuredOutput {

    /**
     * The answer is one JSON value that this JSON schema accepts, with its properties in the schema's order and at most one
     * space after a colon or comma.
     *
     * @param schema the schema as JSON text
     */
    record JsonSchema(String schema) implements StructuredOutput {}

    /**
     * The whole answer matches this regular expression.
     *
     * @param pattern an expression in the documented subset, without backreferences and lookaround
     */
    record Regex(String pattern) implements StructuredOutput {}

    /**
     * The answer is one of these texts.
     *
     * @param options at least one, none of them empty
     */
    record Choice(List<String> options) implements StructuredOutput {

        public Choice {
            options = List.copyOf(options);
        }
    }
}
