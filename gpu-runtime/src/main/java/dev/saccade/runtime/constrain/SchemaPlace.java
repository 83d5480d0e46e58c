package dev.saccade.runtime.constrain;

import dev.saccade.runtime.InvalidRequestException;

/**
 * Where in a schema something stands.
 *
 * @param pointer JSON pointer, empty for the root
 * @param depth steps from the root, through references too
 * @param level objects and arrays of the value around it
 */
record SchemaPlace(String pointer, int depth, int level) {

    static final int MAX_DEPTH = 50;

    static final SchemaPlace ROOT = new SchemaPlace("", 0, 0);

    /** A schema for the same value. */
    SchemaPlace same(String... names) {
        return deeper(level, names);
    }

    /** A schema for a part of the value. */
    SchemaPlace part(String... names) {
        return deeper(level + 1, names);
    }

    private SchemaPlace deeper(int newLevel, String... names) {
        if (depth == MAX_DEPTH) {
            throw new InvalidRequestException(
                    "schema-too-large",
                    "The JSON schema is nested deeper than " + MAX_DEPTH + " at " + this + "; make it flatter.");
        }
        StringBuilder longer = new StringBuilder(pointer);
        for (String name : names) {
            longer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
        }
        return new SchemaPlace(longer.toString(), depth + 1, newLevel);
    }

    InvalidRequestException unsupported(String problem) {
        return new InvalidRequestException(
                "schema-unsupported", "The JSON schema can't be used: " + problem + " at " + this + ".");
    }

    InvalidRequestException invalid(String problem) {
        return new InvalidRequestException(
                "schema-invalid", "The JSON schema is not valid: " + problem + " at " + this + ".");
    }

    InvalidRequestException tooLarge(String problem) {
        return new InvalidRequestException(
                "schema-too-large", "The JSON schema is too large: " + problem + " at " + this + ".");
    }

    /** As it stands in messages; the beginning of a long one. */
    @Override
    public String toString() {
        return "'#" + (pointer.length() > 200 ? pointer.substring(0, 200) + "..." : pointer) + "'";
    }
}
