package dev.saccade.runtime.bench;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Requests of exact lengths. Prompts are random digits, each of which is a token by itself in these vocabularies, from the
 * first message's first character on: no two requests have a block of their prompts in common.
 */
final class Requests {

    private static final String QUESTION = "1";

    private final SplittableRandom random = new SplittableRandom();
    private final int template; // tokens of a prompt beside its digits

    Requests(Engine engine) {
        GenerationRequest probe = text(1, 1, SamplingParameters.greedy());
        this.template = engine.submit(probe, GenerationListener.NONE)
                        .result()
                        .join()
                        .usage()
                        .promptTokens()
                - 1;
    }

    /** Fewest tokens of a prompt. */
    int leastTokens() {
        return template + 1;
    }

    /** A prompt of so many tokens, which is answered with so many, greedily. */
    GenerationRequest ofTokens(int prompt, int output) {
        return ofTokens(prompt, output, SamplingParameters.greedy());
    }

    GenerationRequest ofTokens(int prompt, int output, SamplingParameters sampling) {
        return text(Math.max(1, prompt - template), output, sampling);
    }

    private GenerationRequest text(int digits, int output, SamplingParameters sampling) {
        return request(
                List.of(Message.system(digits(digits)), Message.user(new Part.Text(QUESTION))), output, sampling);
    }

    /** A question of a few digits about a clip. */
    GenerationRequest about(Path clip) {
        return request(
                List.of(Message.user(new Part.Video(clip), new Part.Text(digits(8)))), 2, SamplingParameters.greedy());
    }

    private static GenerationRequest request(List<Message> messages, int output, SamplingParameters sampling) {
        SamplingParameters exact =
                sampling.toBuilder().maxTokens(output).ignoreEos(true).build();
        return new GenerationRequest(messages, exact, VisionOptions.DEFAULT, false);
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            digits.append((char) ('0' + random.nextInt(10)));
        }
        return digits.toString();
    }

    static void requireLength(GenerationResult result, int tokens) {
        if (result.usage().completionTokens() != tokens) {
            throw new IllegalStateException("a request wrote " + result.usage().completionTokens() + " tokens where "
                    + tokens + " were asked for");
        }
    }
}
