package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.prompts.ParameterType;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptCatalogue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** A prompt by its name, with arguments. */
public final class PromptOptions {

    @Option(
            names = "--prompt",
            paramLabel = "NAME[@VERSION]",
            description = "A prompt of the catalogue, or of the service's tenant; see docs/prompts.md.")
    private @Nullable String prompt;

    @Option(
            names = "--arg",
            paramLabel = "NAME=VALUE",
            description = "An argument of the prompt; for a list give it once for each.")
    private List<String> arguments = new ArrayList<>();

    /** Whether there is one. */
    public boolean isGiven() {
        return prompt != null;
    }

    /** @param reasoning null leaves it to the prompt */
    public Question.Named named(@Nullable Boolean reasoning) {
        return named(prompt == null ? "" : prompt, arguments, reasoning);
    }

    /** @param name may end in {@code @} and a version */
    public static Question.Named named(String name, List<String> arguments, @Nullable Boolean reasoning) {
        int at = name.indexOf('@');
        String plain = at < 0 ? name : name.substring(0, at);
        Integer version = at < 0 ? null : version(name.substring(at + 1));
        Optional<Prompt> known = version == null ? PromptCatalogue.find(plain) : PromptCatalogue.find(plain, version);
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new UserError("--arg " + argument + ": give it as NAME=VALUE");
            }
            given.computeIfAbsent(argument.substring(0, equals), key -> new ArrayList<>())
                    .add(argument.substring(equals + 1));
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        given.forEach((key, texts) -> values.put(key, value(texts, type(known, key))));
        return new Question.Named(plain, version, values, reasoning);
    }

    private static Integer version(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException wrong) {
            throw new UserError("--prompt NAME@VERSION: \"" + text + "\" is no version", wrong);
        }
    }

    /** Null where the prompt, or the parameter, isn't known here. */
    private static @Nullable ParameterType type(Optional<Prompt> known, String parameter) {
        return known.stream()
                .flatMap(prompt -> prompt.parameters().stream())
                .filter(one -> one.name().equals(parameter))
                .findFirst()
                .map(one -> one.type())
                .orElse(null);
    }

    private static JsonNode value(List<String> texts, @Nullable ParameterType type) {
        if (texts.size() > 1 || type == ParameterType.OPTIONS) {
            ArrayNode list = Json.MAPPER.createArrayNode();
            texts.forEach(list::add);
            return list;
        }
        String text = texts.getFirst();
        boolean number = type == null || type == ParameterType.NUMBER || type == ParameterType.INTEGER;
        if (number) {
            try {
                JsonNode read = Json.MAPPER.readTree(text);
                if (read.isNumber()) {
                    return read;
                }
            } catch (JacksonException noNumber) {
                // it is a text, and the prompt says whether it takes one
            }
        }
        return Json.MAPPER.getNodeFactory().stringNode(text);
    }
}
