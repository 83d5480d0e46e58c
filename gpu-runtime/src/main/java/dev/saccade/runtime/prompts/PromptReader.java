package dev.saccade.runtime.prompts;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.sampling.SamplingRules;
import dev.saccade.runtime.text.SystemPrompts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks a document in one pass and makes it a prompt. The same rules hold for our own files and for those of users. */
public final class PromptReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final int MOST_PARAMETERS = 32;
    private static final int MOST_CHARACTERS = 16_000;
    private static final int MOST_PURPOSE = 500;
    private static final int MOST_DEFINITION = 200_000;
    private static final int MOST_MEDIA = 20;
    private static final int MOST_VERSION = 1_000_000;

    private final List<PromptProblem> problems = new ArrayList<>();
    private final PromptDocument document;

    private PromptReader(PromptDocument document) {
        this.document = document;
    }

    /** @throws PromptException with everything that is wrong with it */
    public static Prompt read(PromptDocument document) {
        return new PromptReader(document).read();
    }

    /**
     * Reads what {@link Prompt#document} is as JSON.
     *
     * @throws PromptException with everything that is wrong with it
     */
    public static Prompt read(String json) {
        return read(PromptJson.MAPPER.readValue(json, PromptDocument.class));
    }

    /** Whether a prompt can have this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** One line of JSON, which {@link #read(String)} takes. */
    public static String write(Prompt prompt) {
        return PromptJson.MAPPER.writeValueAsString(prompt.document());
    }

    private Prompt read() {
        String name = Objects.requireNonNullElse(document.name(), "");
        if (!NAME.matcher(name).matches()) {
            wrong("/name", "Give a name of 1 to 64 lower-case letters, digits and underscores, a letter first.");
        }
        int version = Objects.requireNonNullElse(document.version(), 1);
        if (version < 1 || version > MOST_VERSION) {
            wrong("/version", "Give a version from 1 to " + MOST_VERSION + ".");
        }
        List<PromptParameter> parameters = parameters();
        String system = text(document.system(), "/system", SystemPrompts.PLAIN, MOST_CHARACTERS);
        String user = text(document.user(), "/user", "", MOST_CHARACTERS);
        places(system, user, parameters);
        PromptVision vision = Objects.requireNonNullElse(document.vision(), PromptVision.DEFAULT);
        PromptSampling sampling = Objects.requireNonNullElse(document.sampling(), PromptSampling.DEFAULT);
        engineTakes("/vision", () -> MediaPipeline.check(vision.options()));
        engineTakes("/sampling", () -> SamplingRules.validate(sampling.parameters()));
        var output = Objects.requireNonNullElse(document.output(), new PromptDocument.Output(null, null, null, null));
        ParserKind parser = Objects.requireNonNullElse(output.parser(), ParserKind.TEXT);
        boolean constrained = Boolean.TRUE.equals(output.constrained());
        output(output, parser, constrained, parameters);
        String field = Objects.requireNonNullElse(output.field(), OutputContract.TEXT);
        Prompt.Media media = media();
        String purpose = text(document.purpose(), "/purpose", "", MOST_PURPOSE);
        if (!problems.isEmpty()) {
            throw new PromptException(problems);
        }
        Prompt prompt = new Prompt(
                name,
                version,
                purpose,
                system,
                user,
                parameters,
                media,
                vision,
                sampling,
                Objects.requireNonNullElse(document.reasoning(), ReasoningUse.ON),
                parser,
                field,
                output.schema(),
                constrained);
        String written = write(prompt);
        if (written.length() > MOST_DEFINITION || written.codePoints().anyMatch(ArgumentChecks::isBroken)) {
            wrong(
                    "",
                    "Give a definition of at most " + MOST_DEFINITION
                            + " characters, without halves of surrogate pairs.");
            throw new PromptException(problems);
        }
        return prompt;
    }

    private String text(@Nullable String given, String pointer, String otherwise, int most) {
        String text = Objects.requireNonNullElse(given, otherwise);
        if (text.isBlank() || text.length() > most) {
            wrong(pointer, "Give a text of 1 to " + most + " characters.");
        } else if (text.codePoints().anyMatch(ArgumentChecks::isBroken)) {
            wrong(pointer, "The text holds a NUL character or half of a surrogate pair. Remove it.");
        }
        return text;
    }

    private List<PromptParameter> parameters() {
        var given = Objects.requireNonNullElse(document.parameters(), List.<PromptDocument.@Nullable Parameter>of());
        List<PromptParameter> parameters = new ArrayList<>();
        if (given.size() > MOST_PARAMETERS) {
            wrong("/parameters", "Give at most " + MOST_PARAMETERS + " parameters.");
            return parameters;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String pointer = "/parameters/" + i;
            var one = given.get(i);
            if (one == null || one.name() == null || !NAME.matcher(one.name()).matches()) {
                wrong(pointer + "/name", "Give a name of lower-case letters, digits and underscores, a letter first.");
            } else if (!names.add(one.name())) {
                wrong(pointer + "/name", "There is a parameter of this name already.");
            } else if (one.type() == null) {
                wrong(pointer + "/type", "Give a type: text, one_of, options, number or integer.");
            } else {
                parameters.add(parameter(one, one.name(), one.type(), pointer));
            }
        }
        return parameters;
    }

    private PromptParameter parameter(PromptDocument.Parameter given, String name, ParameterType type, String pointer) {
        boolean number = type == ParameterType.NUMBER || type == ParameterType.INTEGER;
        double min = Objects.requireNonNullElse(given.min(), number ? -1e9 : 1.0);
        double max = Objects.requireNonNullElse(given.max(), number ? 1e9 : 4_000.0);
        if (!(min <= max) || (!number && (min < 0 || max > MOST_CHARACTERS))) {
            wrong(pointer + "/max", "Give min and max in order" + (number ? "." : ", from 0 to 16000 characters."));
        }
        List<String> values = new ArrayList<>();
        for (String value : Objects.requireNonNullElse(given.values(), List.<@Nullable String>of())) {
            if (value != null && !value.isBlank() && value.codePoints().noneMatch(ArgumentChecks::isBroken)) {
                values.add(value);
            } else {
                wrong(pointer + "/values", "Give texts that are not empty.");
            }
        }
        if ((type == ParameterType.ONE_OF) == values.isEmpty()) {
            wrong(pointer + "/values", "The type one_of has values, and no other has.");
        }
        PromptParameter parameter = new PromptParameter(
                name,
                Objects.requireNonNullElse(given.description(), ""),
                type,
                Boolean.TRUE.equals(given.required()),
                given.defaultValue() == null || given.defaultValue().isNull() ? null : given.defaultValue(),
                min,
                max,
                values);
        if (parameter.defaultValue() != null) {
            ArgumentChecks.check(parameter, parameter.defaultValue(), pointer + "/default", problems);
        }
        return parameter;
    }

    private void places(String system, String user, List<PromptParameter> parameters) {
        if (PromptRendering.PLACE.matcher(system).find()) {
            wrong("/system", "The system's text takes no arguments. Put them into the user's.");
        }
        Set<String> unused = new HashSet<>();
        parameters.forEach(parameter -> unused.add(parameter.name()));
        Set<String> known = Set.copyOf(unused);
        Matcher places = PromptRendering.PLACE.matcher(user);
        while (places.find()) {
            unused.remove(places.group(1));
            if (!known.contains(places.group(1))) {
                wrong("/user", "There is no parameter " + places.group(1) + ".");
            }
        }
        if (!unused.isEmpty()) {
            wrong("/parameters", "The user's text has no place for " + String.join(", ", unused) + ".");
        }
    }

    private void output(
            PromptDocument.Output output, ParserKind parser, boolean constrained, List<PromptParameter> parameters) {
        JsonNode schema = output.schema();
        long options = parameters.stream()
                .filter(parameter -> parameter.type() == ParameterType.OPTIONS)
                .count();
        if (options > 1 || (parser == ParserKind.LETTER && options != 1)) {
            wrong(
                    "/parameters",
                    "One parameter of type options belongs to the parser letter, and more are not allowed.");
        }
        if (output.field() != null && !NAME.matcher(output.field()).matches()) {
            wrong("/output/field", "Give a name of lower-case letters, digits and underscores, a letter first.");
        }
        if (parser == ParserKind.JSON && schema == null) {
            wrong("/output/schema", "The parser json needs a schema.");
        }
        if (schema != null && !schema.isObject()) {
            wrong("/output/schema", "Give a JSON schema as an object.");
        } else if (schema != null) {
            engineTakes("/output/schema", () -> OutputSchemas.check(schema));
        }
        boolean constrainable = switch (parser) {
            case JSON, TIMED_JSON, LETTER -> true;
            case TEXT, TIMED_LINES, TIME_SPAN, CRITIC, VERDICT, PLAN -> false;
        };
        if (constrained && !constrainable) {
            wrong("/output/constrained", "Only answers for json, timed_json and letter can be constrained.");
        }
    }

    private Prompt.Media media() {
        var given = Objects.requireNonNullElse(document.media(), new PromptDocument.Media(null, null, null, null));
        int min = Objects.requireNonNullElse(given.min(), 1);
        int max = Objects.requireNonNullElse(given.max(), Math.max(1, min));
        if (min < 0 || max < min || max > MOST_MEDIA) {
            wrong("/media", "Give min and max in order, from 0 to " + MOST_MEDIA + ".");
        }
        boolean videos = !Boolean.FALSE.equals(given.videos());
        boolean images = Boolean.TRUE.equals(given.images());
        if (max > 0 && !videos && !images) {
            wrong("/media", "Allow videos, images or both, or set max to 0.");
        }
        return new Prompt.Media(min, max, videos, images);
    }

    private void engineTakes(String pointer, Runnable check) {
        try {
            check.run();
        } catch (InvalidRequestException refused) {
            problems.add(new PromptProblem(
                    refused.code(), pointer, Objects.requireNonNullElse(refused.getMessage(), "Out of range.")));
        }
    }

    private void wrong(String pointer, String detail) {
        problems.add(new PromptProblem("invalid-prompt", pointer, detail));
    }
}
