package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the reference benchmark's layout: {@code NAME/NAME_benchmark_qa_pairs.json}, a list of
 * {@code {"video": ..., "qa_pairs": {question, index2ans or options, answer}}} whose videos are relative to
 * {@code NAME/}. {@code qa_pairs} may be one object or a list of them.
 */
final class Benchmark {

    private static final String SUFFIX = "_benchmark_qa_pairs.json";

    private Benchmark() {}

    /**
     * One question.
     *
     * @param options what each letter stands for; empty for an open question
     */
    record Item(
            String dataset,
            String video,
            Path file,
            String question,
            SortedMap<String, String> options,
            String answer) {

        /** The question as the model reads it: options are listed below it. */
        String prompt() {
            if (options.isEmpty()) {
                return question;
            }
            StringBuilder prompt = new StringBuilder(question);
            options.forEach((letter, text) ->
                    prompt.append("\n(").append(letter).append(") ").append(text));
            return prompt.append("\nAnswer with the option's letter.").toString();
        }
    }

    /** All items below a folder, by data set and file order. */
    static List<Item> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> found =
                Files.find(folder, 2, (path, facts) -> path.toString().endsWith(SUFFIX))) {
            files = found.sorted().toList();
        }
        if (files.isEmpty()) {
            throw new UserError("no NAME/NAME" + SUFFIX + " below " + folder);
        }
        List<Item> items = new ArrayList<>();
        for (Path file : files) {
            try {
                readFile(file, items);
            } catch (JacksonException | IllegalArgumentException failure) {
                throw new UserError(file + " is not a list of questions in the benchmark's form", failure);
            }
        }
        return items;
    }

    private static void readFile(Path file, List<Item> items) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        String dataset = file.getFileName().toString().replace(SUFFIX, "");
        for (JsonNode entry : Json.MAPPER.readTree(Files.readAllBytes(file))) {
            String video = required(entry, "video");
            JsonNode pairs = entry.path("qa_pairs");
            for (JsonNode pair : pairs.isArray() ? pairs : List.of(pairs)) {
                items.add(new Item(
                        dataset,
                        video,
                        folder == null ? Path.of(video) : folder.resolve(video),
                        required(pair, "question"),
                        options(pair),
                        required(pair, "answer")));
            }
        }
    }

    private static SortedMap<String, String> options(JsonNode pair) {
        SortedMap<String, String> options = new TreeMap<>();
        JsonNode node = pair.has("index2ans") ? pair.get("index2ans") : pair.path("options");
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                options.put(String.valueOf((char) ('A' + i)), node.get(i).asString());
            }
        } else {
            node.propertyStream()
                    .forEach(option ->
                            options.put(option.getKey(), option.getValue().asString()));
        }
        return options;
    }

    private static String required(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isString()) {
            throw new IllegalArgumentException(field);
        }
        return value.asString();
    }
}
