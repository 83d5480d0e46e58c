package dev.saccade.runtime.schedule;

import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.GenerationResult.Usage;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.text.Tags;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts results together. */
final class Results {

    private final Supplier<String> fingerprint;

    /** @param fingerprint of the checkpoint; may have to be waited for the first time */
    Results(Supplier<String> fingerprint) {
        this.fingerprint = fingerprint;
    }

    GenerationResult of(Sequence sequence) {
        Ticket ticket = sequence.ticket();
        Prompt prompt = sequence.prompt();
        String text = sequence.text();
        return new GenerationResult(
                text,
                Tags.reasoning(text),
                Tags.answer(text),
                Objects.requireNonNull(sequence.finishReason()),
                new Usage(prompt.length(), sequence.written(), prompt.visualTokens()),
                ticket.seed(),
                inForce(ticket, prompt.maxTokens()),
                prompt.media().stream().map(PreparedMedia::used).toList(),
                ticket.watch().timings(),
                prompt.warnings(),
                fingerprint.get());
    }

    GenerationResult cancelledBeforeStart(Ticket ticket) {
        return new GenerationResult(
                "",
                null,
                "",
                FinishReason.CANCELLED,
                new Usage(0, 0, 0),
                ticket.seed(),
                inForce(ticket, ticket.sampling().maxTokens()),
                List.of(),
                ticket.watch().timings(),
                List.of(),
                fingerprint.get());
    }

    private static SamplingParameters inForce(Ticket ticket, @Nullable Integer maxTokens) {
        SamplingParameters resolved = ticket.sampling();
        return new SamplingParameters(
                resolved.temperature(),
                resolved.topP(),
                resolved.topK(),
                resolved.minP(),
                resolved.repetitionPenalty(),
                resolved.presencePenalty(),
                resolved.frequencyPenalty(),
                ticket.seed(),
                maxTokens,
                resolved.minTokens(),
                resolved.stop(),
                resolved.stopTokenIds(),
                resolved.ignoreEos(),
                resolved.logitBias());
    }
}
