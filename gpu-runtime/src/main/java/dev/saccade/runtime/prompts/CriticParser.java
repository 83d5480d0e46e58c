package dev.saccade.runtime.prompts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The critic's tags. The verdict is the answer's; where that is missing, as when the tokens ran out behind a component with
 * an anomaly, nothing is made up. Components that are not closed are left out.
 */
record CriticParser() implements OutputParser {

    private static final Pattern OPEN =
            Pattern.compile("<component\\s+name\\s*=\\s*[\"'\u201c]([^\"'\u201d<>]{1,200})[\"'\u201d]\\s*>");
    private static final String CLOSE = "</component>";
    private static final Pattern YES_NO = Pattern.compile("^\\W*(yes|no)\\b", Pattern.CASE_INSENSITIVE);

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        String text = output.text();
        Optional<Boolean> verdict = tag(text, "answer").flatMap(CriticParser::yesOrNo);
        if (verdict.isEmpty()) {
            return ParsedOutput.unreadable("The answer has no <answer> that is Yes or No.");
        }
        ObjectNode structure = PromptJson.MAPPER.createObjectNode();
        tag(text, "overview").ifPresent(overview -> structure.put("overview", overview));
        ArrayNode components = structure.putArray("components");
        Matcher open = OPEN.matcher(text);
        while (open.find()) {
            component(open.group(1).strip(), body(text, open.end()), components);
        }
        structure.put("anomalies", verdict.get());
        return ParsedOutput.of(structure);
    }

    /** Up to its end, or to the next component where it was left open. */
    private static String body(String text, int from) {
        int close = text.indexOf(CLOSE, from);
        int next = text.indexOf("<component", from);
        return close < 0 || (next >= 0 && next < close) ? "" : text.substring(from, close);
    }

    private static void component(String name, String body, ArrayNode components) {
        tag(body, "anomaly")
                .flatMap(CriticParser::yesOrNo)
                .ifPresent(anomaly -> components
                        .addObject()
                        .put("name", name)
                        .put("analysis", tag(body, "analysis").orElse(""))
                        .put("anomaly", anomaly));
    }

    /** What stands in the last closed tag of this name. */
    private static Optional<String> tag(String text, String name) {
        String close = "</" + name + ">";
        int end = text.lastIndexOf(close);
        int start = end < 0 ? -1 : text.lastIndexOf("<" + name + ">", end);
        return start < 0
                ? Optional.empty()
                : Optional.of(text.substring(start + name.length() + 2, end).strip());
    }

    static Optional<Boolean> yesOrNo(String text) {
        Matcher word = YES_NO.matcher(text);
        return word.find() ? Optional.of(word.group(1).equalsIgnoreCase("yes")) : Optional.empty();
    }
}
