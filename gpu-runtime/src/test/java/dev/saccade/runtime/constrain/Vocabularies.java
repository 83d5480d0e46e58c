package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.text.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** Vocabularies to constrain, and texts spelled with them. */
final class Vocabularies {

    static final Path DEMO = Path.of(System.getProperty("saccade.home"), "gpu-runtime/demo-model");
    private static final Path QWEN =
            Path.of(System.getProperty("saccade.home"), "..", "shared", "goldens", "qwen_tokenizer.json");

    /** Rows of the 7B model's logits. */
    static final int QWEN_ROWS = 152_064;

    static final int QWEN_END = 151_645;

    private Vocabularies() {}

    /** All 256 bytes, then these texts; the last id ends a turn. */
    static byte[][] small(String... texts) {
        byte[][] tokens = new byte[256 + texts.length + 1][];
        for (int b = 0; b < 256; b++) {
            tokens[b] = new byte[] {(byte) b};
        }
        for (int i = 0; i < texts.length; i++) {
            tokens[256 + i] = texts[i].getBytes(StandardCharsets.UTF_8);
        }
        tokens[256 + texts.length] = new byte[0];
        return tokens;
    }

    static ConstraintCompiler compiler(byte[][] tokens) {
        return new ConstraintCompiler(tokens, tokens.length, Set.of(tokens.length - 1));
    }

    /** A compiler whose tokens are the bytes, to judge texts with. */
    static ConstraintCompiler bytes() {
        return compiler(small());
    }

    /** Whether a constraint over {@link #bytes()} takes a whole text. */
    static boolean accepts(Constraint constraint, String text) {
        int state = constraint.start();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            state = constraint.next(state, b & 0xff);
            if (state == Constraint.DEAD) {
                return false;
            }
        }
        return constraint.mayEnd(state);
    }

    static Constraint regex(String pattern) {
        return bytes().compile(new StructuredOutput.Regex(pattern));
    }

    static Constraint schema(String schema) {
        return bytes().compile(new StructuredOutput.JsonSchema(schema));
    }

    static byte[][] demo() {
        try (Tokenizer tokenizer = Tokenizer.open(DEMO)) {
            return withoutAdded(tokenizer);
        }
    }

    /** The 152,000 tokens of Qwen2.5, which are not in the repository. */
    static byte[][] qwen() {
        assumeThat(QWEN)
                .as("the full Qwen2.5 vocabulary %s is missing; put it there to run these tests", QWEN.normalize())
                .isRegularFile();
        return qwenIfThere();
    }

    /** The same, for programs. */
    static byte[][] qwenIfThere() {
        try {
            Path folder = Files.createTempDirectory("qwen");
            Path link = Files.createSymbolicLink(folder.resolve("tokenizer.json"), QWEN.toRealPath());
            try (Tokenizer tokenizer = Tokenizer.open(folder)) {
                return withoutAdded(tokenizer);
            } finally {
                Files.delete(link);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[][] withoutAdded(Tokenizer tokenizer) {
        byte[][] tokens = new byte[tokenizer.vocabularySize()][];
        for (int id = 0; id < tokens.length; id++) {
            tokens[id] = tokenizer.isAdded(id) ? new byte[0] : tokenizer.bytes(id);
        }
        return tokens;
    }

    static String quoted(String text) {
        return new JsonMapper().writeValueAsString(text);
    }
}
