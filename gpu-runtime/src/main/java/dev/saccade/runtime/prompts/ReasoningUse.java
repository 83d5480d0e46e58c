package dev.saccade.runtime.prompts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a prompt's answers come after a chain of thought. */
public enum ReasoningUse {
    /** Unless a request turns it off. */
    @JsonProperty("on")
    ON,
    /** Unless a request turns it on. */
    @JsonProperty("off")
    OFF,
    /** The prompt asks for tags of its own, with which the usual ones would clash. */
    @JsonProperty("never")
    NEVER
}
