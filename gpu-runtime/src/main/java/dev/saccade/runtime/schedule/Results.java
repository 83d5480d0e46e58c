package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.GenerationResult.Usage;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.sampling.AnswerWriter;
import dev.saccade.runtime.text.Tags;
import java.util.ArrayList;
import java.util.Collections;
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

    /** Of a request all of whose answers are finished; they may have been cut off before their first token. */
    GenerationResult of(SequenceGroup group) {
        Ticket ticket = group.ticket();
        Prompt prompt = group.prompt();
        List<Completion> completions = new ArrayList<>();
        for (int i = 0; i < group.samples(); i++) {
            // before the prompt has been read, the first sequence stands for all
            completions.add(completion(
                    group.sequences().get(Math.min(i, group.sequences().size() - 1))));
        }
        return new GenerationResult(
                completions,
                new Usage(prompt.length(), group.written(), prompt.visualTokens(), group.cachedTokens()),
                ticket.seed(),
                inForce(ticket, prompt.maxTokens()),
                prompt.media().stream().map(MediaSummary::used).toList(),
                group.promptLogprobs(),
                ticket.watch().timings(),
                prompt.warnings(),
                fingerprint.get());
    }

    private static Completion completion(Sequence sequence) {
        FinishReason reason = Objects.requireNonNull(sequence.finishReason());
        AnswerWriter answer = sequence.answer();
        if (answer == null) {
            return nothing(reason);
        }
        String text = answer.text();
        return new Completion(
                text, Tags.reasoning(text), Tags.answer(text), reason, answer.tokens(), answer.logprobs());
    }

    private static Completion nothing(FinishReason reason) {
        return new Completion("", null, "", reason, 0, List.of());
    }

    GenerationResult cancelledBeforeStart(Ticket ticket) {
        return new GenerationResult(
                Collections.nCopies(ticket.sampling().samples(), nothing(FinishReason.CANCELLED)),
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
