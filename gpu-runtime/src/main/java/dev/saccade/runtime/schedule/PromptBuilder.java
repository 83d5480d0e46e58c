package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MediaSpan;
import dev.saccade.runtime.text.MropePositions;
import dev.saccade.runtime.text.PromptEncoder;
import java.util.List;
import java.util.function.Function;

/** Makes a prompt of a request whose media are prepared. Safe for use by several threads. */
final class PromptBuilder {

    private final PromptEncoder encoder;
    private final ModelConfig config;
    private final RequestChecks checks;
    private final EngineOptions options;

    PromptBuilder(PromptEncoder encoder, ModelConfig config, RequestChecks checks, EngineOptions options) {
        this.encoder = encoder;
        this.config = config;
        this.checks = checks;
        this.options = options;
    }

    /**
     * @param visuals makes the visual tokens of media that stand there in the prompt
     * @throws dev.saccade.runtime.InvalidRequestException where the prompt is too long
     */
    Prompt build(Ticket ticket, List<MediaSummary> media, Function<List<MediaSpan>, VisualTokens> visuals) {
        int[] visualTokens = media.stream().mapToInt(MediaSummary::visualTokens).toArray();
        EncodedPrompt encoded =
                encoder.encode(ticket.request().messages(), ticket.request().numberMedia(), visualTokens);
        int maxTokens = checks.maxTokens(encoded.ids().length, ticket.sampling());
        List<MropePositions.Grid> grids = media.stream()
                .map(m -> new MropePositions.Grid(m.gridT(), m.gridH(), m.gridW(), m.secondsPerGrid()))
                .toList();
        MropePositions positions = MropePositions.of(
                encoded.ids().length,
                encoded.spans(),
                grids,
                config.vision().mergeSize(),
                config.vision().tokensPerSecond());
        return new Prompt(
                encoded,
                positions,
                media,
                visuals.apply(encoded.spans()),
                options.prefixCaching() ? new BlockKeys(options.batchInvariant()).ofPrompt(encoded, media) : List.of(),
                maxTokens,
                media.stream().flatMap(m -> m.warnings().stream()).toList());
    }
}
