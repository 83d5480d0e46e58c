package dev.saccade.runtime.text;

import com.hubspot.jinjava.interpret.Context;
import dev.saccade.runtime.ModelException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds filters and tests that the template library lacks. It would take them for nothing and render a prompt that looks
 * right and isn't; Jinja2 refuses such a template.
 */
final class TemplateCheck {

    private static final Pattern BLOCK = Pattern.compile("\\{\\{.*?}}|\\{%.*?%}", Pattern.DOTALL);
    private static final Pattern STRING =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
    private static final Pattern FILTER = Pattern.compile("\\|\\s*([A-Za-z_]\\w*)");
    private static final Pattern TEST = Pattern.compile("\\bis\\s+(?:not\\s+)?([A-Za-z_]\\w*)");

    private TemplateCheck() {}

    static void requireKnown(String source, Context known) {
        Matcher blocks = BLOCK.matcher(source);
        while (blocks.find()) {
            String code = STRING.matcher(blocks.group()).replaceAll("''");
            Matcher filter = FILTER.matcher(code);
            while (filter.find()) {
                require(known.getFilter(filter.group(1)) != null, "filter", filter.group(1));
            }
            Matcher test = TEST.matcher(code);
            while (test.find()) {
                require(known.getExpTest(test.group(1)) != null, "test", test.group(1));
            }
        }
    }

    private static void require(boolean known, String kind, String name) {
        if (!known) {
            throw new ModelException(
                    "unsupported-chat-template",
                    "The chat template can't be rendered: it uses the " + kind + " \"" + name
                            + "\", which this engine lacks.");
        }
    }
}
