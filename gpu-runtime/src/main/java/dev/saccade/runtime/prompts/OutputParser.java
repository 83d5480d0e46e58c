package dev.saccade.runtime.prompts;

import tools.jackson.databind.JsonNode;

/** Makes an answer's text a structure. One for each {@link ParserKind}; what can't be read is said, never thrown. */
sealed interface OutputParser
        permits TextParser,
                LetterParser,
                JsonParser,
                TimedLinesParser,
                TimedJsonParser,
                TimeSpanParser,
                CriticParser,
                VerdictParser,
                PlanParser {

    ParsedOutput parse(WrittenOutput output);

    static OutputParser of(OutputContract contract) {
        return switch (contract.parser()) {
            case TEXT -> new TextParser(contract.field());
            case LETTER -> new LetterParser(contract.options());
            case JSON -> new JsonParser();
            case TIMED_LINES -> new TimedLinesParser();
            case TIMED_JSON -> new TimedJsonParser();
            case TIME_SPAN -> new TimeSpanParser();
            case CRITIC -> new CriticParser();
            case VERDICT -> new VerdictParser();
            case PLAN -> new PlanParser();
        };
    }

    /** Reads an answer, and holds the structure against the contract's schema. */
    static ParsedOutput read(OutputContract contract, WrittenOutput output) {
        ParsedOutput parsed = of(contract).parse(output);
        JsonNode structure = parsed.structure();
        if (structure == null) {
            return output.cutOff()
                    ? ParsedOutput.unreadable(parsed.error() + " The answer was cut off by max_tokens.")
                    : parsed;
        }
        String breach = contract.schema() == null ? null : OutputSchemas.breach(contract.schema(), structure);
        return breach == null ? parsed : ParsedOutput.unreadable(breach);
    }
}
