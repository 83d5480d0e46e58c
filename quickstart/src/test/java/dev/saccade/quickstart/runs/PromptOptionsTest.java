package dev.saccade.quickstart.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import dev.saccade.runtime.prompts.RenderedPrompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromptOptionsTest {

    private static final PromptSampling SAMPLING = PromptCalls.sampling(null, null, null);
    private static final PromptVision VISION = new PromptVision(null, null, null, null, null, null, null, null);

    @Test
    void aListIsGivenOnceForEachAndALoneOptionIsAListToo() {
        RenderedPrompt two = render("multiple_choice", "question=Which?", "options=red", "options=a=b");
        RenderedPrompt one = render("multiple_choice", "question=Which?", "options=red");

        assertThat(two.user()).contains("(A) red\n(B) a=b");
        assertThat(one.contract().options()).containsExactly("red");
    }

    @Test
    void aNumberIsATextWhereThePromptTakesATextAndANumberForAPromptThatOnlyTheServiceKnows() {
        assertThat(render("question", "question=5").user()).isEqualTo("5");
        assertThat(PromptOptions.named("dock_check", List.of("dock=5", "note=five"), null)
                        .arguments())
                .hasEntrySatisfying(
                        "dock", value -> assertThat(value.isNumber()).isTrue())
                .hasEntrySatisfying(
                        "note", value -> assertThat(value.isString()).isTrue());
    }

    @Test
    void whatIsGivenStandsInThePlaceOfThePromptsDefaults() {
        Question.Named critic = PromptOptions.named("video_critic@1", List.of(), null);

        RenderedPrompt rendered = PromptCalls.render(critic, PromptCalls.sampling(0.0, null, 200), VISION);

        assertThat(rendered.sampling().temperature()).isZero();
        assertThat(rendered.sampling().repetitionPenalty()).isEqualTo(1.0);
        assertThat(rendered.sampling().maxTokens()).isEqualTo(200);
        assertThat(rendered.sampling().n()).isEqualTo(4);
        assertThat(rendered.vision().fps()).isEqualTo(16);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> PromptOptions.named("caption", List.of("focus"), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("NAME=VALUE");
        assertThatThrownBy(() -> PromptOptions.named("caption@new", List.of(), null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no version");
        assertThatThrownBy(() -> render("caption@9"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no prompt caption in version 9");
        assertThatThrownBy(() -> render("question"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("needs the argument");
    }

    private static RenderedPrompt render(String name, String... arguments) {
        return PromptCalls.render(PromptOptions.named(name, List.of(arguments), null), SAMPLING, VISION);
    }
}
