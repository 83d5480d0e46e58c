package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.PromptException;
import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import dev.saccade.runtime.prompts.RenderedPrompt;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Prompts of the catalogue, called in this process. */
public final class PromptCalls {

    private PromptCalls() {}

    /** @throws UserError where there is none */
    private static Prompt find(Question.Named named) {
        Integer version = named.version();
        return (version == null ? PromptCatalogue.find(named.prompt()) : PromptCatalogue.find(named.prompt(), version))
                .orElseThrow(() -> new UserError("there is no prompt " + named.prompt()
                        + (version == null ? "" : " in version " + version) + "; docs/prompts.md lists all"));
    }

    /** Why a prompt can't be about a clip, or an image, where it can't. */
    public static Optional<String> refusal(Question.Named named, boolean image) {
        Prompt.Media allowed = find(named).media();
        return (image ? allowed.images() : allowed.videos())
                ? Optional.empty()
                : Optional.of("The prompt " + named.prompt() + " takes " + (allowed.videos() ? "videos" : "images")
                        + " only.");
    }

    /**
     * The prompt with its arguments.
     *
     * @param sampling what is not null stands in the place of the prompt's defaults
     * @param vision the same
     * @throws UserError for a prompt that isn't there, or arguments that it doesn't take
     */
    public static RenderedPrompt render(Question.Named named, PromptSampling sampling, PromptVision vision) {
        try {
            RenderedPrompt rendered = find(named).render(named.arguments(), named.reasoning());
            return new RenderedPrompt(
                    rendered.system(),
                    rendered.user(),
                    merged(rendered.vision(), vision, PromptVision.class),
                    merged(rendered.sampling(), sampling, PromptSampling.class),
                    rendered.structuredOutput(),
                    rendered.contract());
        } catch (PromptException wrong) {
            throw new UserError(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /** Options that commands have; greedy where the temperature is 0, so that no penalty bends the likeliest token. */
    public static PromptSampling sampling(
            @Nullable Double temperature, @Nullable Long seed, @Nullable Integer maxTokens) {
        boolean greedy = temperature != null && temperature == 0;
        return new PromptSampling(
                temperature, null, null, null, greedy ? 1.0 : null, null, null, seed, null, maxTokens, null, null);
    }

    private static <T> T merged(T defaults, T asked, Class<T> type) {
        ObjectNode merged = Json.MAPPER.valueToTree(defaults);
        ObjectNode given = Json.MAPPER.valueToTree(asked);
        given.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> merged.set(field.getKey(), field.getValue()));
        return Json.MAPPER.treeToValue(merged, type);
    }
}
