package dev.saccade.runtime.prompts;

import dev.saccade.runtime.text.Tags;
import java.util.Objects;
import tools.jackson.databind.node.ObjectNode;

/** An answer that begins with yes, where a clip is as it should be, or no; the reasoning is its overview. */
record VerdictParser() implements OutputParser {

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        return CriticParser.yesOrNo(output.answer())
                .map(well -> ParsedOutput.of(structure(output, well)))
                .orElseGet(() -> ParsedOutput.unreadable("The answer begins with neither yes nor no."));
    }

    private static ObjectNode structure(WrittenOutput output, boolean well) {
        ObjectNode structure = PromptJson.MAPPER.createObjectNode();
        structure.put("overview", Objects.requireNonNullElse(Tags.reasoning(output.text()), output.answer()));
        structure.putArray("components");
        return structure.put("anomalies", !well);
    }
}
