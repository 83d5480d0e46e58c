package dev.saccade.api.prompts;

import dev.saccade.runtime.prompts.PromptDocument;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/** A prompt as clients see it. */
@Schema(name = "Prompt")
record PromptView(
        String name,
        int version,

        @Schema(description = "Your tenant defined it; else it is one of the catalogue, which every tenant has")
        boolean own,

        @Schema(description = "All versions there are, oldest first")
        List<Integer> versions,

        PromptDocument definition) {

    /** All prompts, each in its newest version. */
    @Schema(name = "PromptList")
    record All(List<PromptView> data) {}

    static PromptView of(PromptLookup.Found found, List<PromptLookup.Found> all) {
        var prompt = found.prompt();
        return new PromptView(
                prompt.name(),
                prompt.version(),
                found.own(),
                all.stream()
                        .map(PromptLookup.Found::prompt)
                        .filter(other -> other.name().equals(prompt.name()))
                        .map(other -> other.version())
                        .toList(),
                prompt.document());
    }
}
