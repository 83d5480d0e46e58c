package dev.saccade.runtime.prompts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an argument of a prompt is. */
public enum ParameterType {
    /** A text, which the model reads as it is. */
    @JsonProperty("text")
    TEXT,
    /** One of the texts that the parameter lists. */
    @JsonProperty("one_of")
    ONE_OF,
    /** A list of 1 to 26 texts, written as lines {@code (A) …}; an answer may be a letter of theirs. */
    @JsonProperty("options")
    OPTIONS,
    @JsonProperty("number")
    NUMBER,
    @JsonProperty("integer")
    INTEGER
}
