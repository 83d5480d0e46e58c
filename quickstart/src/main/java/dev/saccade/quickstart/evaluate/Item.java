package dev.saccade.quickstart.evaluate;

import java.nio.file.Path;
import java.util.SortedMap;

/**
 * One question of a benchmark.
 *
 * @param id once in the benchmark: {@code DATASET/VIDEO#N}, N counting the questions about this video from 0
 * @param video as the benchmark names it
 * @param options what each letter stands for; empty for an open question
 * @param answer the right letter, or the right text
 */
record Item(
        String id,
        String dataset,
        String video,
        Path file,
        String question,
        SortedMap<String, String> options,
        String answer) {

    /** The question as the model reads it: options are listed below it. */
    String prompt() {
        if (options.isEmpty()) {
            return question;
        }
        StringBuilder prompt = new StringBuilder(question);
        options.forEach((letter, text) ->
                prompt.append("\n(").append(letter).append(") ").append(text));
        return prompt.append("\nAnswer with the option's letter.").toString();
    }
}
