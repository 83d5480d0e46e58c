package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.text.GoldenPrompts.Prompt;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text, token ids and positions of {@code goldens/prompts.json}, all exact. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferencePromptsTest {

    private final Tokenizer tokenizer = Tokenizer.open(GoldenPrompts.DEMO);
    private final Checkpoint checkpoint = Checkpoint.open(GoldenPrompts.DEMO);
    private final ChatTemplate template = ChatTemplate.open(GoldenPrompts.DEMO);

    @BeforeAll
    void thereAreSevenPrompts() {
        assertThat(prompts()).hasSize(7);
    }

    @AfterAll
    void close() {
        tokenizer.close();
        checkpoint.close();
    }

    static List<Prompt> prompts() {
        return GoldenPrompts.all();
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void rendersTheReferencesText(Prompt prompt) {
        assertThat(template.render(prompt.messages(), prompt.numberMedia(), true))
                .isEqualTo(prompt.text());
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void encodesToTheReferencesIds(Prompt prompt) {
        PromptEncoder encoder = new PromptEncoder(tokenizer, template, checkpoint.config());

        EncodedPrompt encoded = encoder.encode(prompt.messages(), prompt.numberMedia(), prompt.visualTokens());

        assertThat(encoded.ids()).isEqualTo(prompt.ids());
        assertThat(encoded.spans()).hasSameSizeAs(prompt.grids());
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void positionsAreTheReferences(Prompt prompt) {
        PromptEncoder encoder = new PromptEncoder(tokenizer, template, checkpoint.config());
        EncodedPrompt encoded = encoder.encode(prompt.messages(), prompt.numberMedia(), prompt.visualTokens());

        MropePositions positions = MropePositions.of(encoded.ids().length, encoded.spans(), prompt.grids(), 2, 2);

        assertThat(positions.positions()).isDeepEqualTo(prompt.positions());
        assertThat(positions.next() - encoded.ids().length).isEqualTo(prompt.delta());
    }
}
