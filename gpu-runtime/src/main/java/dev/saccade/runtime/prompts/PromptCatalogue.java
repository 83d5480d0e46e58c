package dev.saccade.runtime.prompts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The prompts that come with this library. Each version is a file beside this class, {@code caption.v1.json}, that never
 * changes once it was published; {@code catalogue.txt} lists them.
 */
public final class PromptCatalogue {

    private PromptCatalogue() {}

    /** Read when it is first asked for. */
    private static final class Files {
        private static final List<Prompt> PROMPTS = resource("catalogue.txt")
                .lines()
                .filter(line -> !line.isBlank())
                .map(file -> PromptReader.read(resource(file)))
                .sorted(Comparator.comparing(Prompt::name).thenComparingInt(Prompt::version))
                .toList();
    }

    /** Every version of every prompt, by name and version. */
    public static List<Prompt> all() {
        return Files.PROMPTS;
    }

    /** The newest version. */
    public static Optional<Prompt> find(String name) {
        return all().stream()
                .filter(prompt -> prompt.name().equals(name))
                .max(Comparator.comparingInt(Prompt::version));
    }

    /** One version. */
    public static Optional<Prompt> find(String name, int version) {
        return all().stream()
                .filter(prompt -> prompt.name().equals(name) && prompt.version() == version)
                .findFirst();
    }

    /** Reads an answer: a structure that keeps to the contract's schema, or what of it could not be read. */
    public static ParsedOutput parse(OutputContract contract, WrittenOutput output) {
        return OutputParser.read(contract, output);
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(PromptCatalogue.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
