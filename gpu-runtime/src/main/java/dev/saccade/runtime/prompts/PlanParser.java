package dev.saccade.runtime.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A numbered list of actions, each with lines {@code Reasoning:} and {@code Success:}. */
record PlanParser() implements OutputParser {

    private static final int MOST_STEPS = 100;
    private static final Pattern STEP = Pattern.compile(
            "^(?:step\\s*)?(\\d{1,3})\\s*[.):]\\s*(?:\\*\\*)?(?:action:\\s*)?(.*?)(?:\\*\\*)?$",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern FIELD = Pattern.compile(
            "^[-*\\s]*(action|reasoning|reason|success condition|success)\\s*:\\s*(.*)$", Pattern.CASE_INSENSITIVE);

    /** A step while its lines come. */
    private static final class Step {
        private String action = "";
        private String reasoning = "";
        private String success = "";
        private String last = "action";

        void set(String field, String text) {
            last = field;
            switch (field) {
                case "action" -> action = join(action, text);
                case "reasoning", "reason" -> reasoning = join(reasoning, text);
                default -> success = join(success, text);
            }
        }

        void more(String text) {
            set(last, text);
        }

        private static String join(String before, String text) {
            return before.isEmpty() ? text.strip() : (before + " " + text.strip()).strip();
        }
    }

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        List<Step> steps = new ArrayList<>();
        for (String raw : output.answer().lines().toList()) {
            String line = raw.strip();
            Matcher step = STEP.matcher(line);
            Matcher field = FIELD.matcher(line);
            if (step.matches() && steps.size() < MOST_STEPS) {
                steps.add(new Step());
                steps.getLast().set("action", step.group(2));
            } else if (!steps.isEmpty() && field.matches()) {
                steps.getLast().set(field.group(1).toLowerCase(Locale.ROOT), field.group(2));
            } else if (!steps.isEmpty() && !line.isEmpty()) {
                steps.getLast().more(line);
            }
        }
        if (steps.isEmpty()) {
            return ParsedOutput.unreadable("The answer has no numbered steps.");
        }
        ObjectNode structure = PromptJson.MAPPER.createObjectNode();
        ArrayNode list = structure.putArray("steps");
        for (Step step : steps) {
            list.addObject()
                    .put("action", step.action)
                    .put("reasoning", step.reasoning)
                    .put("success_condition", step.success);
        }
        return ParsedOutput.of(structure);
    }
}
