package dev.saccade.runtime.schedule;

import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MropePositions;
import dev.saccade.runtime.text.PromptEncoder;
import java.util.List;

/** Makes a prompt of a request whose media are prepared. Safe for use by several threads. */
final class PromptBuilder {

    private final PromptEncoder encoder;
    private final ModelConfig config;
    private final RequestChecks checks;

    PromptBuilder(PromptEncoder encoder, ModelConfig config, RequestChecks checks) {
        this.encoder = encoder;
        this.config = config;
        this.checks = checks;
    }

    /** @throws dev.saccade.runtime.InvalidRequestException where the prompt is too long */
    Prompt build(Ticket ticket, List<PreparedMedia> media) {
        int[] visualTokens =
                media.stream().mapToInt(PreparedMedia::visualTokens).toArray();
        EncodedPrompt encoded =
                encoder.encode(ticket.request().messages(), ticket.request().numberMedia(), visualTokens);
        int maxTokens = checks.maxTokens(encoded.ids().length, ticket.sampling().maxTokens());
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
                maxTokens,
                media.stream().flatMap(m -> m.warnings().stream()).toList());
    }
}
