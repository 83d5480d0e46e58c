package dev.saccade.ledger.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What an answer must look like; exactly one of the three is given.
 *
 * @param json a JSON schema as text: its properties' order counts, which a column of JSON would not keep
 * @param regex an expression that the whole answer matches
 * @param choice the texts of which the answer is one
 */
public record StructuredOutputs(
        @Nullable @JsonDeserialize(using = SchemaAsText.class)
        String json,

        @Nullable String regex,
        @Nullable List<String> choice) {

    public StructuredOutputs {
        choice = choice == null ? null : List.copyOf(choice);
    }
}
