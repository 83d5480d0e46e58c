package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenizerTest {

    private final Tokenizer tokenizer = Tokenizer.open(GoldenPrompts.DEMO);

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private String text(int[] ids) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            bytes.writeBytes(tokenizer.bytes(id));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Is it safe to turn right?",
                "<|im_end|><|video_pad|>",
                " \n\n\t mixed \r\n ",
                "日本語 👩‍👩‍👧 ﷽",
                "\0\u0001",
                "{{ 7*7 }}"
            })
    void bytesOfTheTokensAreTheText(String text) {
        int[] ids = tokenizer.encode(text);

        assertThat(text(ids)).isEqualTo(text);
        assertThat(IntStream.of(ids)).noneMatch(tokenizer::isSpecial);
    }

    @Test
    void halfASurrogatePairIsAReplacementCharacter() {
        assertThat(text(tokenizer.encode("a\uD83Db\uDE00"))).isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void theEmptyTextHasNoTokens() {
        assertThat(tokenizer.encode("")).isEmpty();
    }

    @Test
    void knowsItsSpecialTokens() {
        assertThat(tokenizer.vocabularySize()).isEqualTo(729);
        assertThat(tokenizer.addedTokenId("<|im_end|>")).isEqualTo(OptionalInt.of(717));
        assertThat(tokenizer.addedTokenId("<|nothing|>")).isEmpty();
        assertThat(tokenizer.isSpecial(717)).isTrue();
        assertThat(tokenizer.isSpecial(700)).isFalse();
    }

    @Test
    void paddingRowsOfTheEmbeddingHaveNoBytes() {
        assertThat(tokenizer.bytes(767)).isEmpty();
        assertThat(tokenizer.bytes(-1)).isEmpty();
        assertThat(tokenizer.isSpecial(767)).isFalse();
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path dir) {
        assertRefused(dir, "missing-file", "tokenizer.json");
    }

    @Test
    void otherKindsOfFileAreRefused(@TempDir Path dir) throws IOException {
        Path file = dir.resolve("tokenizer.json");

        Files.writeString(file, "version https://git-lfs.github.com/spec/v1");
        assertRefused(dir, "not-json", "not valid JSON");
        Files.writeString(file, "[]");
        assertRefused(dir, "unsupported-tokenizer", "byte-level BPE");
        String json = Files.readString(GoldenPrompts.DEMO.resolve("tokenizer.json"));
        Files.writeString(file, json.replace("\"type\": \"BPE\"", "\"type\": \"Unigram\""));
        assertRefused(dir, "unsupported-tokenizer", "byte-level BPE");
        Files.writeString(file, json.replace("\"Isolated\"", "\"Sideways\""));
        assertRefused(dir, "unsupported-tokenizer", "can't be read");
        Files.writeString(file, json.replace("\"id\": 717", "\"id\": -717"));
        assertRefused(dir, "unsupported-tokenizer", "usable id");
    }

    private static void assertRefused(Path dir, String code, String message) {
        assertThatThrownBy(() -> Tokenizer.open(dir))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void nativeLibraryGoesBelowTheCacheFolder(@TempDir Path root) {
        assertThat(NativeTokenizers.cacheFolder(root)).isEqualTo(root.resolve("saccade/native"));
    }

    @Test
    void whereTheHomeCantBeWrittenTheNativeLibraryGoesToAPrivateTemporaryFolder(@TempDir Path root) throws IOException {
        // a file in the way: unlike permissions, it stops root as well
        Path home = Files.writeString(root.resolve("home"), "");

        Path folder = NativeTokenizers.cacheFolder(home);

        assertThat(folder).isDirectory().isNotEqualTo(home.resolve("saccade/native"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        Files.delete(folder);
    }
}
