package dev.saccade.runtime.prompts;

/** The answer as it is. */
record TextParser(String field) implements OutputParser {

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        return output.answer().isBlank()
                ? ParsedOutput.unreadable("The answer is empty.")
                : ParsedOutput.of(PromptJson.MAPPER.createObjectNode().put(field, output.answer()));
    }
}
