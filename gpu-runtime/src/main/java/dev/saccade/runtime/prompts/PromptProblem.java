package dev.saccade.runtime.prompts;

/**
 * Something that is wrong with a prompt's definition or its arguments.
 *
 * @param code stable, e.g. {@code missing-argument}
 * @param pointer a JSON pointer into the definition or the arguments; empty for the whole
 * @param detail a sentence that says how to mend it
 */
public record PromptProblem(String code, String pointer, String detail) {}
