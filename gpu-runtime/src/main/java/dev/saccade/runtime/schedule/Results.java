package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Completion;
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
        String text = sequence.answer().text();
        Completion completion = new Completion(
                text,
                Tags.reasoning(text),
                Tags.answer(text),
                Objects.requireNonNull(sequence.finishReason()),
                sequence.written(),
                sequence.answer().logprobs());
        return new GenerationResult(
                List.of(completion),
                new Usage(prompt.length(), sequence.written(), prompt.visualTokens(), 0),
                ticket.seed(),
                inForce(ticket, prompt.maxTokens()),
                prompt.media().stream().map(PreparedMedia::used).toList(),
                List.of(),
                ticket.watch().timings(),
                prompt.warnings(),
                fingerprint.get());
    }

    GenerationResult cancelledBeforeStart(Ticket ticket) {
        return new GenerationResult(
                List.of(new Completion("", null, "", FinishReason.CANCELLED, 0, List.of())),
                new Usage(0, 0, 0, 0),
                ticket.seed(),
                inForce(ticket, ticket.sampling().maxTokens()),
                List.of(),
                List.of(),
                ticket.watch().timings(),
                List.of(),
                fingerprint.get());
    }

    private static SamplingParameters inForce(Ticket ticket, @Nullable Integer maxTokens) {
        return ticket.sampling().toBuilder()
                .seed(ticket.seed())
                .maxTokens(maxTokens)
                .build();
    }
}
