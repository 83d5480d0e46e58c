package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.PromptUse;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.prompts.OutputContract;
import dev.saccade.runtime.prompts.ParsedOutput;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.WrittenOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a prompt's answers into structures. An answer that can't be read is as good a result as any other. */
final class ParsedResults {

    private static final Logger LOG = LoggerFactory.getLogger(ParsedResults.class);

    private ParsedResults() {}

    /** @param prompt null leaves the outcome as it is */
    static JobOutcome of(JobOutcome outcome, GenerationResult result, @Nullable PromptUse prompt) {
        if (prompt == null) {
            return outcome;
        }
        var completions = new ArrayList<Completion>();
        for (int i = 0; i < outcome.completions().size(); i++) {
            var stored = outcome.completions().get(i);
            var parsed = parse(prompt, WrittenOutput.of(result.completions().get(i), result));
            completions.add(new Completion(
                    stored.text(),
                    stored.reasoning(),
                    stored.answer(),
                    stored.finishReason(),
                    stored.tokens(),
                    prompt.keepLogprobs() ? stored.logprobs() : List.of(),
                    parsed.json(),
                    parsed.error()));
        }
        return outcome.withCompletions(completions);
    }

    private static ParsedOutput parse(PromptUse prompt, WrittenOutput output) {
        try {
            return PromptCatalogue.parse(OutputContract.read(prompt.contract()), output);
        } catch (RuntimeException | StackOverflowError failure) {
            // whatever a model writes, its job has succeeded; the type says enough, a message might quote the answer
            LOG.warn("An answer to prompt {} could not be parsed: {}", prompt.name(), failure.getClass());
            return new ParsedOutput(null, "The answer could not be read.");
        }
    }
}
