package dev.saccade.quickstart.evaluate;

/** How the reference benchmark has questions with options answered. */
enum AnswerMode {
    /** After a chain of thought; the letter stands in {@code <answer>}. */
    REASONING,
    /** At once, by the letter. */
    LETTER
}
