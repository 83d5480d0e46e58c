package dev.saccade.runtime.prompts;

import tools.jackson.core.JacksonException;

/** The answer is JSON, perhaps inside a fence of Markdown. */
record JsonParser() implements OutputParser {

    private static final String FENCE = "```";

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        String text = unfenced(output.answer().strip());
        if (text.isEmpty()) {
            return ParsedOutput.unreadable("The answer is empty.");
        }
        try {
            return ParsedOutput.of(PromptJson.MAPPER.readTree(text));
        } catch (JacksonException broken) {
            var place = broken.getLocation();
            return ParsedOutput.unreadable("The answer is not JSON"
                    + (place == null
                            ? "."
                            : ": line " + place.getLineNr() + ", column " + place.getColumnNr() + " can't be read."));
        }
    }

    static String unfenced(String text) {
        if (!text.startsWith(FENCE)) {
            return text;
        }
        int from = text.indexOf('\n') + 1;
        int to = text.indexOf(FENCE, Math.max(from, FENCE.length()));
        return from == 0
                ? text
                : text.substring(from, to < 0 ? text.length() : to).strip();
    }
}
