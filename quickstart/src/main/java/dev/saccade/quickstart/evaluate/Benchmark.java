package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.cli.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder in the reference benchmark's layout: {@code NAME/NAME_benchmark_qa_pairs.json}, and the clips that it names
 * relative to {@code NAME/}.
 *
 * @param items by data set and file order
 * @param problems what is not among the items, and why; each stands for one question, or for what could not be read at all
 * @param digest SHA-256 over all question files, in hex
 */
record Benchmark(List<Item> items, List<Problem> problems, String digest) {

    static final String SUFFIX = "_benchmark_qa_pairs.json";

    Benchmark {
        items = List.copyOf(items);
        problems = List.copyOf(problems);
    }

    /** @throws UserError where there is no question file */
    static Benchmark read(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no folder " + folder);
        }
        List<Path> files;
        try (Stream<Path> found = Files.find(
                folder,
                2,
                (path, facts) -> facts.isRegularFile() && path.toString().endsWith(SUFFIX))) {
            files = found.sorted().toList();
        }
        if (files.isEmpty()) {
            throw new UserError("no NAME/NAME" + SUFFIX + " below " + folder);
        }
        List<Item> items = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, String> datasets = new HashMap<>();
        MessageDigest digest = sha256();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            String name = folder.relativize(file).toString();
            digest.update(name.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(content);
            String dataset = String.valueOf(file.getFileName()).replace(SUFFIX, "");
            @Nullable String before = datasets.putIfAbsent(dataset, name);
            if (before != null) {
                problems.add(new Problem(name, 1, "This data set was read from " + before + " already."));
                continue;
            }
            new QuestionFile(file, name, dataset, items, problems).read(content);
        }
        return new Benchmark(items, problems, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
