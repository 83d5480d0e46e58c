package dev.saccade.quickstart.evaluate;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Reads one file of questions: a list of {@code {"video", "qa_pairs": {question, index2ans or options, answer}}}.
 * {@code qa_pairs} may be one object or a list of them, {@code options} a list or, as {@code index2ans}, an object by letter.
 * What is wrong with an entry is noted with its line, and the others go on.
 */
final class QuestionFile {

    private static final int MOST_OPTIONS = 26;

    private final Path folder;
    private final String name;
    private final String dataset;
    private final List<Item> items;
    private final List<Problem> problems;
    private final Map<String, Integer> questionsOfVideo = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Integer> questions = new HashMap<>();

    QuestionFile(Path file, String name, String dataset, List<Item> items, List<Problem> problems) {
        folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
        this.name = name;
        this.dataset = dataset;
        this.items = items;
        this.problems = problems;
    }

    /** An entry that can't be asked. */
    private static final class BadEntryException extends Exception {

        private static final long serialVersionUID = 1;

        private final int line;

        BadEntryException(int line, String message) {
            super(message);
            this.line = line;
        }
    }

    void read(byte[] content) {
        LocatedJson document;
        try {
            document = LocatedJson.read(content);
        } catch (JacksonException broken) {
            var place = broken.getLocation();
            problem(
                    place == null ? 1 : Math.max(1, place.getLineNr()),
                    "The file can't be read as JSON: " + broken.getOriginalMessage());
            return;
        }
        if (!(document.value() instanceof LocatedJson.Elements(List<LocatedJson> entries))) {
            problem(document.line(), "The file has to be a list of {\"video\", \"qa_pairs\"}.");
            return;
        }
        if (entries.isEmpty()) {
            problem(document.line(), "The list is empty.");
        }
        entries.forEach(this::entry);
    }

    private void problem(int line, String message) {
        problems.add(new Problem(name, line, message));
    }

    private void entry(LocatedJson entry) {
        try {
            requireNewId(entry);
        } catch (BadEntryException wrong) {
            problem(wrong.line, String.valueOf(wrong.getMessage()));
            return;
        }
        LocatedJson pairs = entry.field("qa_pairs");
        if (pairs == null) {
            problem(entry.line(), "The entry has no \"qa_pairs\".");
        } else if (pairs.value() instanceof LocatedJson.Elements(List<LocatedJson> all)) {
            if (all.isEmpty()) {
                problem(pairs.line(), "\"qa_pairs\" is empty.");
            }
            all.forEach(pair -> pair(entry, pair));
        } else {
            pair(entry, pairs);
        }
    }

    private void pair(LocatedJson entry, LocatedJson pair) {
        try {
            items.add(item(entry, pair));
        } catch (BadEntryException wrong) {
            problem(wrong.line, String.valueOf(wrong.getMessage()));
        }
    }

    private Item item(LocatedJson entry, LocatedJson pair) throws BadEntryException {
        String video = required(entry, "video");
        int number = questionsOfVideo.merge(video, 1, Integer::sum) - 1;
        String question = required(pair, "question");
        SortedMap<String, String> options = options(pair);
        String answer = required(pair, "answer");
        if (!options.isEmpty()
                && !options.containsKey(Grading.normalised(answer).toUpperCase(Locale.ROOT))) {
            throw new BadEntryException(
                    line(pair, "answer"),
                    "The answer \"" + answer + "\" is none of the letters " + String.join(", ", options.keySet())
                            + ".");
        }
        requireOnce(pair, video, question, options);
        return new Item(
                dataset + "/" + video + "#" + number, dataset, video, clip(entry, video), question, options, answer);
    }

    /** Two entries may ask several things about a clip, but nothing twice. */
    private void requireOnce(LocatedJson pair, String video, String question, SortedMap<String, String> options)
            throws BadEntryException {
        requireNewId(pair);
        Integer before = questions.putIfAbsent(video + '\n' + question + '\n' + options, pair.line());
        if (before != null) {
            throw new BadEntryException(
                    pair.line(),
                    "The same question about \"" + video + "\" is there twice; first on line " + before + ".");
        }
    }

    private void requireNewId(LocatedJson named) throws BadEntryException {
        String id = named.text("id");
        Integer before = id == null ? null : ids.putIfAbsent(id, line(named, "id"));
        if (before != null) {
            throw new BadEntryException(
                    line(named, "id"), "The id \"" + id + "\" is there twice; first on line " + before + ".");
        }
    }

    private Path clip(LocatedJson entry, String video) throws BadEntryException {
        Path clip;
        try {
            clip = folder.resolve(video).normalize();
        } catch (InvalidPathException wrong) {
            throw new BadEntryException(line(entry, "video"), "\"" + video + "\" is no file name.");
        }
        if (!clip.startsWith(folder)) {
            throw new BadEntryException(
                    line(entry, "video"), "The clip \"" + video + "\" lies outside of the data set's folder.");
        }
        if (!Files.isRegularFile(clip)) {
            throw new BadEntryException(line(entry, "video"), "There is no clip \"" + video + "\".");
        }
        return clip;
    }

    private static SortedMap<String, String> options(LocatedJson pair) throws BadEntryException {
        SortedMap<String, String> options = new TreeMap<>();
        String field = pair.field("index2ans") != null ? "index2ans" : "options";
        LocatedJson given = pair.field(field);
        if (given == null) {
            return options;
        }
        switch (given.value()) {
            case LocatedJson.Elements(List<LocatedJson> all) -> {
                requireSize(given, all.size());
                for (LocatedJson option : all) {
                    options.put(String.valueOf((char) ('A' + options.size())), option(option));
                }
            }
            case LocatedJson.Fields(Map<String, LocatedJson> all) -> {
                requireSize(given, all.size());
                for (Map.Entry<String, LocatedJson> option : all.entrySet()) {
                    if (!option.getKey().matches("[A-Z]")) {
                        throw new BadEntryException(
                                option.getValue().line(),
                                "The option \"" + option.getKey() + "\" has to be named by a letter from A to Z.");
                    }
                    options.put(option.getKey(), option(option.getValue()));
                }
            }
            case LocatedJson.Text text -> throw notOptions(given, field);
            case LocatedJson.Other other -> throw notOptions(given, field);
        }
        return options;
    }

    private static BadEntryException notOptions(LocatedJson given, String field) {
        return new BadEntryException(given.line(), "\"" + field + "\" has to be a list of texts, or texts by letter.");
    }

    private static void requireSize(LocatedJson given, int size) throws BadEntryException {
        if (size == 0 || size > MOST_OPTIONS) {
            throw new BadEntryException(
                    given.line(),
                    "The question has " + size + " options; give 1 to " + MOST_OPTIONS + ", or leave them out.");
        }
    }

    private static String option(LocatedJson option) throws BadEntryException {
        if (option.value() instanceof LocatedJson.Text(String text) && !text.isBlank()) {
            return text;
        }
        throw new BadEntryException(option.line(), "An option has to be a text.");
    }

    private static String required(LocatedJson object, String field) throws BadEntryException {
        String text = object.text(field);
        if (text == null || text.isBlank()) {
            throw new BadEntryException(line(object, field), "\"" + field + "\" is missing, or no text.");
        }
        return text;
    }

    /** Where a field's value stands, or its object where there is none. */
    private static int line(LocatedJson object, String field) {
        @Nullable LocatedJson value = object.field(field);
        return value == null ? object.line() : value.line();
    }
}
