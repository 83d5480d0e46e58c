package dev.saccade.runtime.constrain;

import dev.saccade.runtime.constrain.NumberPieces.Bound;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The narrowest bounds that a schema sets for a number. */
record NumberBounds(@Nullable Bound lower, @Nullable Bound upper) {

    static NumberBounds of(ObjectNode schema, SchemaPlace place) {
        return new NumberBounds(
                narrower(bound(schema, "minimum", true, place), bound(schema, "exclusiveMinimum", false, place), true),
                narrower(
                        bound(schema, "maximum", true, place), bound(schema, "exclusiveMaximum", false, place), false));
    }

    private static @Nullable Bound bound(ObjectNode schema, String keyword, boolean inclusive, SchemaPlace place) {
        JsonNode value = schema.get(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw place.invalid("'" + keyword + "' must be a number,");
        }
        return new Bound(value.decimalValue(), inclusive).checked(place);
    }

    private static @Nullable Bound narrower(@Nullable Bound inclusive, @Nullable Bound exclusive, boolean lower) {
        if (inclusive == null || exclusive == null) {
            return inclusive == null ? exclusive : inclusive;
        }
        int order = exclusive.value().compareTo(inclusive.value());
        return (lower ? order >= 0 : order <= 0) ? exclusive : inclusive;
    }
}
