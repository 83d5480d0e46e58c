package dev.saccade.api.openai;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The names by which the model can be asked for. */
final class Models {

    private Models() {}

    /** @throws ProblemException 404, as OpenAI's clients know it, for a name that isn't one */
    static String require(@Nullable JsonNode name, OpenAiProperties properties) {
        if (name == null || !name.isString()) {
            throw ProblemException.invalid(
                    "invalid-field", "/model", "Give the name of a model, such as " + properties.model() + ".");
        }
        return require(name.stringValue(), properties);
    }

    static String require(String name, OpenAiProperties properties) {
        if (!properties.models().contains(name)) {
            String detail = "There is no such model here. There is: " + String.join(", ", properties.models()) + ".";
            throw new ProblemException(404, "model-not-found", detail, List.of(new Violation("/model", detail)));
        }
        return name;
    }
}
