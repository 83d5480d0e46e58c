package dev.saccade.api.batches;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LinesTest {

    @Test
    void lastLineNeedsNoEnd() throws IOException {
        assertThat(texts("a\n\nb", 10)).containsExactly("a", "", "b");
        assertThat(texts("a\r\nb\n", 10)).containsExactly("a\r", "b");
        assertThat(texts("", 10)).isEmpty();
    }

    @Test
    void lineThatIsTooLongIsSkippedAndTheNextOneRead() throws IOException {
        assertThat(texts("x".repeat(200_000) + "\nb", 100)).containsExactly(null, "b");
        assertThat(texts("x".repeat(100) + "\nb", 100)).containsExactly("x".repeat(100), "b");
    }

    @Test
    void lineOfManyBuffersIsOneLine() throws IOException {
        String line = "é".repeat(150_000);
        assertThat(texts(line + "\nb", 1 << 20)).containsExactly(line, "b");
    }

    @Test
    void digestTellsLinesApartAndNotHowTheLastOneEnds() throws IOException {
        assertThat(digest("a\nb\n")).isEqualTo(digest("a\nb"));
        assertThat(digest("a\nb\n")).isNotEqualTo(digest("ab\n"));
    }

    private static List<@Nullable String> texts(String body, int longest) throws IOException {
        var lines = lines(body, longest);
        List<@Nullable String> texts = new ArrayList<>();
        for (var line = lines.read(); line != null; line = lines.read()) {
            texts.add(line.text());
        }
        return texts;
    }

    private static byte[] digest(String body) throws IOException {
        var lines = lines(body, 100);
        while (lines.read() != null) {
            continue;
        }
        return lines.digest();
    }

    private static Lines lines(String body, int longest) {
        return new Lines(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), longest);
    }
}
