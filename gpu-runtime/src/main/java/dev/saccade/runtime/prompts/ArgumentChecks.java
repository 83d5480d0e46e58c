package dev.saccade.runtime.prompts;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Whether a value is one that a parameter takes. */
final class ArgumentChecks {

    static final int MOST_OPTIONS = 26;

    private ArgumentChecks() {}

    static void check(PromptParameter parameter, JsonNode value, String pointer, List<PromptProblem> problems) {
        switch (parameter.type()) {
            case TEXT -> text(parameter, value, pointer, problems);
            case ONE_OF -> {
                if (!value.isString() || !parameter.values().contains(value.stringValue())) {
                    add(problems, pointer, "Give one of: " + String.join(", ", parameter.values()) + ".");
                }
            }
            case OPTIONS -> options(parameter, value, pointer, problems);
            case NUMBER -> number(parameter, value.isNumber(), "a number", value, pointer, problems);
            case INTEGER -> number(parameter, value.isIntegralNumber(), "a whole number", value, pointer, problems);
        }
    }

    private static void text(PromptParameter parameter, JsonNode value, String pointer, List<PromptProblem> problems) {
        String text = value.isString() ? value.stringValue().strip() : null;
        if (text == null) {
            add(problems, pointer, "Give a text.");
            return;
        }
        int characters = text.codePointCount(0, text.length());
        if (characters < parameter.min() || characters > parameter.max()) {
            add(
                    problems,
                    pointer,
                    "The text has %d characters; give %d to %d."
                            .formatted(characters, (long) parameter.min(), (long) parameter.max()));
        } else if (text.codePoints().anyMatch(ArgumentChecks::isBroken)) {
            add(problems, pointer, "The text holds a NUL character or half of a surrogate pair. Remove it.");
        }
    }

    private static void options(
            PromptParameter parameter, JsonNode value, String pointer, List<PromptProblem> problems) {
        if (!value.isArray() || value.isEmpty() || value.size() > MOST_OPTIONS) {
            String has = value.isArray() ? "The list has " + value.size() + " options. " : "";
            add(problems, pointer, has + "Give a list of 1 to " + MOST_OPTIONS + " texts, one for each letter.");
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            JsonNode option = value.get(i);
            text(parameter, option, pointer + "/" + i, problems);
            if (option.isString() && option.stringValue().strip().contains("\n")) {
                add(problems, pointer + "/" + i, "An option is one line. Remove the line break.");
            }
        }
    }

    private static void number(
            PromptParameter parameter,
            boolean fits,
            String kind,
            JsonNode value,
            String pointer,
            List<PromptProblem> problems) {
        if (!fits || !(value.doubleValue() >= parameter.min() && value.doubleValue() <= parameter.max())) {
            add(
                    problems,
                    pointer,
                    "Give " + kind + " from " + plain(parameter.min()) + " to " + plain(parameter.max()) + ".");
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    static boolean isBroken(int point) {
        return point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    private static void add(List<PromptProblem> problems, String pointer, String detail) {
        problems.add(new PromptProblem("invalid-argument", pointer, detail));
    }
}
