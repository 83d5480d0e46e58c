package dev.saccade.runtime.prompts;

import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.text.SystemPrompts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fills one prompt with arguments. What stands in an argument is never looked at for further places to fill. */
final class PromptRendering {

    static final Pattern PLACE = Pattern.compile("\\{\\{([a-z][a-z0-9_]*)}}");

    private final Prompt prompt;

    PromptRendering(Prompt prompt) {
        this.prompt = prompt;
    }

    RenderedPrompt render(Map<String, JsonNode> arguments, @Nullable Boolean reasoning) {
        List<PromptProblem> problems = new ArrayList<>();
        if (Boolean.TRUE.equals(reasoning) && prompt.reasoning() == ReasoningUse.NEVER) {
            problems.add(new PromptProblem(
                    "reasoning-not-allowed",
                    "/reasoning",
                    "The prompt " + prompt.name() + " asks for tags of its own. Leave reasoning out."));
        }
        unknown(arguments.keySet(), problems);
        Map<String, String> texts = new HashMap<>();
        List<String> options = List.of();
        for (PromptParameter parameter : prompt.parameters()) {
            JsonNode value = arguments.get(parameter.name());
            JsonNode used = value == null || value.isNull() ? parameter.defaultValue() : value;
            if (used == null && parameter.required()) {
                problems.add(new PromptProblem(
                        "missing-argument",
                        "/arguments/" + parameter.name(),
                        "The prompt " + prompt.name() + " needs the argument " + parameter.name() + "."));
            } else if (used != null) {
                int before = problems.size();
                ArgumentChecks.check(parameter, used, "/arguments/" + parameter.name(), problems);
                if (problems.size() > before) {
                    continue;
                }
                texts.put(parameter.name(), text(parameter, used));
                if (parameter.type() == ParameterType.OPTIONS) {
                    options = strings(used);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new PromptException(problems);
        }
        boolean thinks = reasoning == null ? prompt.reasoning() == ReasoningUse.ON : reasoning;
        return new RenderedPrompt(
                system(thinks),
                fill(prompt.user(), texts),
                prompt.vision(),
                prompt.sampling(),
                structured(options),
                new OutputContract(prompt.parser(), prompt.field(), options, prompt.schema()));
    }

    private void unknown(Set<String> given, List<PromptProblem> problems) {
        Set<String> known =
                prompt.parameters().stream().map(PromptParameter::name).collect(Collectors.toSet());
        for (String name : given) {
            if (!known.contains(name)) {
                problems.add(new PromptProblem(
                        "unknown-argument",
                        "/arguments/" + name.replace("~", "~0").replace("/", "~1"),
                        "The prompt " + prompt.name() + " takes no such argument. It takes "
                                + (known.isEmpty()
                                        ? "none"
                                        : known.stream().sorted().collect(Collectors.joining(", ")))
                                + "."));
            }
        }
    }

    /** The model knows the format's sentence right behind its plain system prompt, and after a blank line. */
    private String system(boolean thinks) {
        String system = prompt.system().stripTrailing();
        if (!thinks) {
            return system;
        }
        return system + (system.equals(SystemPrompts.PLAIN) ? " " : "\n\n") + SystemPrompts.FORMAT;
    }

    /** Lines of which nothing is left, because arguments weren't given, go with them. */
    static String fill(String template, Map<String, String> texts) {
        StringBuilder filled = new StringBuilder();
        for (String line : template.lines().toList()) {
            String text = line(line, texts);
            if (text != null) {
                filled.append(text).append('\n');
            }
        }
        return filled.toString().strip();
    }

    private static @Nullable String line(String line, Map<String, String> texts) {
        Matcher places = PLACE.matcher(line);
        StringBuilder filled = new StringBuilder();
        boolean missing = false;
        while (places.find()) {
            String text = texts.get(places.group(1));
            missing |= text == null;
            places.appendReplacement(filled, Matcher.quoteReplacement(text == null ? "" : text));
        }
        places.appendTail(filled);
        return missing ? null : filled.toString();
    }

    private static String text(PromptParameter parameter, JsonNode value) {
        return switch (parameter.type()) {
            case TEXT, ONE_OF -> value.asString("").strip();
            case NUMBER, INTEGER -> value.isNumber() ? value.decimalValue().toPlainString() : "";
            case OPTIONS -> {
                List<String> options = strings(value);
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < Math.min(options.size(), ArgumentChecks.MOST_OPTIONS); i++) {
                    lines.append(i == 0 ? "" : "\n")
                            .append('(')
                            .append(letter(i))
                            .append(") ")
                            .append(options.get(i));
                }
                yield lines.toString();
            }
        };
    }

    static char letter(int index) {
        return (char) ('A' + index);
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream()
                .filter(JsonNode::isString)
                .map(option -> option.stringValue().strip())
                .toList();
    }

    private @Nullable StructuredOutput structured(List<String> options) {
        if (!prompt.constrained()) {
            return null;
        }
        if (prompt.parser() == ParserKind.LETTER) {
            List<String> letters = new ArrayList<>();
            for (int i = 0; i < options.size(); i++) {
                letters.add(String.valueOf(letter(i)));
            }
            return new StructuredOutput.Choice(letters);
        }
        if (prompt.parser() == ParserKind.TIMED_JSON) {
            return TimedJsonParser.FORM;
        }
        return prompt.schema() == null
                ? null
                : new StructuredOutput.JsonSchema(PromptJson.MAPPER.writeValueAsString(prompt.schema()));
    }
}
