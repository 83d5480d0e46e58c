package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.model.DemoModel;
import dev.saccade.runtime.text.SystemPrompts;
import dev.saccade.runtime.text.Tags;
import dev.saccade.runtime.text.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Answers from tokens to text, over the demo model's vocabulary; scores are made so that a script is written, or noise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerWriterTest {

    private static final int VOCABULARY = 768;

    private final Tokenizer tokenizer = Tokenizer.open(DemoModel.model());
    private final int end = tokenizer.addedTokenId("<|im_end|>").orElseThrow();
    private final Samplers samplers =
            new Samplers(SamplingParameters.greedy(), VOCABULARY, 4_096, Set.of(end), tokenizer);

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private AnswerWriter writer(String system, Consumer<SamplingParameters.Builder> change) {
        GenerationRequest request = new GenerationRequest(
                List.of(Message.system(system), Message.user(new Part.Text("Why?"))),
                SamplingParametersFixture.with(draft -> {
                    draft.temperature(0.0);
                    change.accept(draft);
                }),
                VisionOptions.DEFAULT,
                false);
        return samplers.writer(request, samplers.resolve(request), 1, 0, new int[] {1, 2, 3});
    }

    /** The model wants to write this text, then to end its turn; whatever is forced on it in between, it goes on behind. */
    private String write(AnswerWriter writer, String text, int most) {
        int[] script = tokenizer.encode(text);
        StringBuilder streamed = new StringBuilder();
        for (int i = 0; i < most && !writer.complete(); i++) {
            float[] logits = new float[VOCABULARY];
            logits[i < script.length ? script[i] : end] = 10;
            streamed.append(writer.next(new HostLogits(logits), 0, TokenDraw.UNDRAWN));
        }
        streamed.append(writer.finish());
        assertThat(streamed).hasToString(writer.text());
        return writer.text();
    }

    /** Noise, of which no token is sure. */
    private String writeNoise(AnswerWriter writer, long seed, int most) {
        Random random = new Random(seed);
        for (int i = 0; i < most && !writer.complete(); i++) {
            float[] logits = new float[VOCABULARY];
            for (int id = 0; id < VOCABULARY; id++) {
                logits[id] = (float) random.nextGaussian();
            }
            logits[end] -= 2;
            writer.next(new HostLogits(logits), 0, TokenDraw.UNDRAWN);
        }
        writer.finish();
        return writer.text();
    }

    @Test
    void theEndOfTurnIsCountedButNotWritten() {
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {});

        assertThat(write(writer, "A red car.", 100)).isEqualTo("A red car.");
        assertThat(writer.complete()).isTrue();
        assertThat(writer.tokens()).isEqualTo(tokenizer.encode("A red car.").length + 1);
        assertThat(writer.token(writer.tokens() - 1)).isEqualTo(end);
    }

    @Test
    void specialTokensAndTheEndAreWrittenWhereTheyAreAskedFor() {
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
            draft.skipSpecialTokens(false);
            draft.includeStop(true);
        });

        assertThat(write(writer, "A red car.", 100)).isEqualTo("A red car.<|im_end|>");
    }

    @Test
    void aStopStringIsKeptOnRequest() {
        assertThat(write(writer(SystemPrompts.PLAIN, draft -> draft.stop(List.of("d c"))), "A red car.", 100))
                .isEqualTo("A re");
        assertThat(write(
                        writer(SystemPrompts.PLAIN, draft -> {
                            draft.stop(List.of("d c"));
                            draft.includeStop(true);
                        }),
                        "A red car.",
                        100))
                .isEqualTo("A red c");
    }

    @Test
    void stopStringsWaitForMinTokens() {
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
            draft.stop(List.of("a"));
            draft.minTokens(tokenizer.encode("a cat and").length);
        });

        assertThat(write(writer, "a cat and a dog", 100)).isEqualTo("a cat and ");
    }

    @Test
    void badWordsAreNotWrittenWithOrWithoutASpaceBeforeThem() {
        for (long seed = 0; seed < 20; seed++) {
            int[] word = tokenizer.encode("car");
            int[] spaced = tokenizer.encode(" car");
            AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> draft.badWords(List.of("car")));
            for (int i = 0; i < word.length + 5; i++) {
                float[] logits = new float[VOCABULARY];
                logits[(seed % 2 == 0 ? word : spaced)[i % (seed % 2 == 0 ? word : spaced).length]] = 5;
                writer.next(new HostLogits(logits), 0, TokenDraw.UNDRAWN);
            }

            assertThat(writer.text()).as("seed %d", seed).doesNotContain("car");
        }
    }

    @Test
    void onlyAllowedTokensAreWritten() {
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
            draft.temperature(1.0);
            draft.allowedTokenIds(Set.of(5, 300, 767));
        });
        writeNoise(writer, 3, 60);

        assertThat(IntStream.range(0, 60).map(writer::token).boxed()).containsOnly(5, 300, 767);
    }

    @Test
    void thinkingEndsWithItsBudget() {
        AnswerWriter writer = writer(SystemPrompts.REASONING, draft -> draft.thinkingTokenBudget(5));

        String text = write(writer, "<think>" + "ab ".repeat(100), 60);

        String thought = text.substring("<think>".length(), text.indexOf("</think>"));
        assertThat(tokenizer.encode(thought)).hasSizeBetween(1, 6);
        assertThat(text).startsWith("<think>ab ").contains("</think>");
        assertThat(text.indexOf("</think>")).isEqualTo(text.lastIndexOf("</think>"));
    }

    @Test
    void anEndMarkThatHasBegunIsCompletedNotRepeated() {
        for (int budget = 0; budget < 14; budget++) {
            int most = budget;
            AnswerWriter writer = writer(SystemPrompts.REASONING, draft -> draft.thinkingTokenBudget(most));

            String text = write(writer, "<think>abc</think>done", 60);

            assertThat(text).as("budget %d", budget).startsWith("<think>").contains("</think>");
            assertThat(text).as("budget %d", budget).doesNotContain("<</think>", "</</think>");
        }
    }

    @Test
    void withoutReasoningTheFirstTokenIsConstrained() {
        for (long seed = 0; seed < 20; seed++) {
            AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
                draft.temperature(1.0);
                draft.structuredOutput(new StructuredOutput.Choice(List.of("yes", "no", "not sure")));
            });

            assertThat(writeNoise(writer, seed, 100)).isIn("yes", "no", "not sure");
            assertThat(writer.complete()).isTrue();
        }
    }

    @Test
    void theAnswerBehindReasoningIsConstrained() {
        for (long seed = 0; seed < 20; seed++) {
            AnswerWriter writer = writer(SystemPrompts.REASONING, draft -> {
                draft.temperature(1.0);
                draft.thinkingTokenBudget(12);
                draft.structuredOutput(new StructuredOutput.Regex("[a-c]{3,5}[0-9]"));
            });

            String text = writeNoise(writer, seed, 400);

            assertThat(text).startsWith("<think>\n").contains("</think>");
            assertThat(Tags.answer(text)).matches("[a-c]{3,5}[0-9]");
            assertThat(writer.complete()).isTrue();
        }
    }

    @Test
    void aModelThatClosesItsThoughtItselfIsLedToTheAnswer() {
        AnswerWriter writer = writer(
                SystemPrompts.REASONING,
                draft -> draft.structuredOutput(new StructuredOutput.Choice(List.of("left", "right"))));

        String text = write(writer, "<think>\nIt turns.\n</think>\n\n<answer>\nright", 400);

        assertThat(text).isEqualTo("<think>\nIt turns.\n</think>\n\n<answer>\nright");
    }

    @Test
    void aModelThatWouldEndItsTurnBeforeTheAnswerGoesOn() {
        AnswerWriter writer = writer(SystemPrompts.REASONING, draft -> {
            draft.structuredOutput(new StructuredOutput.Choice(List.of("left", "right")));
            draft.thinkingTokenBudget(20);
        });

        assertThat(Tags.answer(write(writer, "<think>\nHm", 400))).isIn("left", "right");
    }

    @Test
    void whatNoTokenFitsIsRefused() {
        assertThatThrownBy(() -> writer(SystemPrompts.PLAIN, draft -> {
                    draft.structuredOutput(new StructuredOutput.Choice(List.of("yes")));
                    draft.allowedTokenIds(Set.of(end));
                }))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("allowed_token_ids");
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
            draft.allowedTokenIds(Set.of(5));
            draft.badWords(List.of(new String(tokenizer.bytes(5), StandardCharsets.UTF_8)));
        });
        assertThatThrownBy(() -> writer.next(new HostLogits(new float[VOCABULARY]), 0, TokenDraw.UNDRAWN))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("relax");
    }

    @Test
    void logprobsAreTheModelsOwn() {
        AnswerWriter writer = writer(SystemPrompts.PLAIN, draft -> {
            draft.temperature(0.0);
            draft.logprobs(3);
            draft.repetitionPenalty(1.3);
            draft.logitBias(Map.of(11, 50.0));
        });
        float[] logits = new float[VOCABULARY];
        Random random = new Random(1);
        for (int id = 0; id < VOCABULARY; id++) {
            logits[id] = (float) (2 * random.nextGaussian());
        }
        int[] sorted = IntStream.range(0, VOCABULARY)
                .boxed()
                .sorted((one, other) -> Float.compare(logits[other], logits[one]))
                .mapToInt(id -> id)
                .toArray();
        double logSum = Math.log(IntStream.range(0, VOCABULARY)
                .mapToDouble(id -> Math.exp(logits[id]))
                .sum());

        writer.next(new HostLogits(logits), 0, TokenDraw.UNDRAWN);

        TokenLogprobs found = writer.logprobs().getFirst();
        assertThat(found.token()).isEqualTo(11);
        assertThat(found.logprob()).isCloseTo(logits[11] - logSum, within(1e-9));
        assertThat(sorted[found.rank() - 1]).isEqualTo(11);
        assertThat(found.top().stream().map(TokenLogprobs.Alternative::token))
                .containsExactly(sorted[0], sorted[1], sorted[2]);
        assertThat(found.top().getFirst().logprob()).isCloseTo(logits[sorted[0]] - logSum, within(1e-9));
    }
}
