package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.StructuredOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Random patterns take exactly the texts that java.util.regex matches, whole and, in a schema, anywhere. */
class RegexAgainstJavaTest {

    private static final String[] CHARACTERS = {"a", "b", "é", "\n"};

    private final Random random = new Random(11);

    @Test
    void randomPatternsTakeTheSameTexts() {
        ConstraintCompiler compiler = Vocabularies.bytes();
        List<String> texts = texts(5);
        for (int i = 0; i < 150; i++) {
            String pattern = pattern(3);
            Constraint whole = compiler.compile(new StructuredOutput.Regex(pattern));
            String schema = "{\"type\":\"string\",\"pattern\":" + Vocabularies.quoted(pattern) + "}";
            Constraint found = compiler.compile(new StructuredOutput.JsonSchema(schema));
            Pattern java = Pattern.compile(pattern);
            for (String text : texts) {
                assertThat(Vocabularies.accepts(whole, text))
                        .as("%s matches %s", pattern, text)
                        .isEqualTo(java.matcher(text).matches());
                assertThat(Vocabularies.accepts(found, Vocabularies.quoted(text)))
                        .as("%s is found in %s", pattern, text)
                        .isEqualTo(java.matcher(text).find());
            }
        }
    }

    private static List<String> texts(int longest) {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < longest; length++) {
            int to = texts.size();
            for (; from < to; from++) {
                for (String character : CHARACTERS) {
                    texts.add(texts.get(from) + character);
                }
            }
        }
        return texts;
    }

    private String pattern(int depth) {
        return switch (random.nextInt(depth == 0 ? 3 : 8)) {
            case 0 -> "a";
            case 1 -> random.nextBoolean() ? "." : "é";
            case 2 -> random.nextBoolean() ? "[^a]" : "[a-b]";
            case 3 -> "(?:" + pattern(depth - 1) + "|" + pattern(depth - 1) + ")";
            case 4 -> "(" + pattern(depth - 1) + ")" + "*+?".charAt(random.nextInt(3));
            case 5 -> "(?:" + pattern(depth - 1) + "){" + random.nextInt(2) + "," + (1 + random.nextInt(3)) + "}";
            default -> pattern(depth - 1) + pattern(depth - 1);
        };
    }
}
