package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Lines of a batch, and of its output and error files. A line's {@code custom_id} is its place in the batch. */
final class BatchLines {

    private BatchLines() {}

    static ObjectNode line(int place, Question question, String video) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("video", video);
        switch (question.wording()) {
            case Question.OwnWords words -> body.put("question", words.text()).put("reasoning", words.reasoning());
            case Question.Named named -> {
                ObjectNode prompt = body.putObject("prompt").put("name", named.prompt());
                if (named.version() != null) {
                    prompt.put("version", named.version());
                }
                ObjectNode arguments = prompt.putObject("arguments");
                named.arguments().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey()) // sent again, it is the same to the letter
                        .forEach(argument -> arguments.set(argument.getKey(), argument.getValue()));
                if (named.reasoning() != null) {
                    body.put("reasoning", named.reasoning());
                }
            }
        }
        body.set("sampling", given(question.sampling()));
        body.set("vision", given(question.vision()));
        ObjectNode line = Json.MAPPER.createObjectNode().put("custom_id", Integer.toString(place));
        line.set("body", body);
        return line;
    }

    private static ObjectNode given(Object options) {
        ObjectNode all = Json.MAPPER.valueToTree(options);
        all.removeIf(JsonNode::isNull);
        return all;
    }

    /** The question that a line of one of the files is about. */
    static Optional<String> question(JsonNode line, List<String> questions) {
        int place = line.path("custom_id").asInt(-1);
        return place < 0 || place >= questions.size() ? Optional.empty() : Optional.of(questions.get(place));
    }

    /** A line of the output file. */
    static Outcome outcome(String question, JsonNode line) {
        JsonNode result = line.path("result");
        List<Outcome.Sample> samples = new ArrayList<>();
        if (result.path("completions").isArray()) {
            result.path("completions").forEach(completion -> samples.add(sample(completion)));
        } else {
            samples.add(sample(result));
        }
        return new Outcome(
                question, samples, result.path("model").path("fingerprint").asString(null), null);
    }

    private static Outcome.Sample sample(JsonNode answer) {
        return new Outcome.Sample(
                answer.path("text").asString(""),
                answer.path("answer").asString(""),
                answer.get("parsed"),
                answer.path("parse_error").asString(null));
    }
}
