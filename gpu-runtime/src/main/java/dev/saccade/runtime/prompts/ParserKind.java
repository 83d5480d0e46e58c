package dev.saccade.runtime.prompts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an answer's text becomes a structure. */
public enum ParserKind {
    /** {@code {"text": …}}, or under another name. */
    @JsonProperty("text")
    TEXT,
    /** {@code {"letter", "index", "option", "probabilities"}} of the prompt's options. */
    @JsonProperty("letter")
    LETTER,
    /** The answer is JSON. */
    @JsonProperty("json")
    JSON,
    /** {@code {"segments": [{"start", "end", "caption"}]}} from lines {@code <start> <end> caption}. */
    @JsonProperty("timed_lines")
    TIMED_LINES,
    /** The same from JSON, {@code [{"start", "end", "caption"}]}. */
    @JsonProperty("timed_json")
    TIMED_JSON,
    /** The same without captions, from {@code <start> <end>} or one time, anywhere in the answer. */
    @JsonProperty("time_span")
    TIME_SPAN,
    /** {@code {"overview", "components": [{"name", "analysis", "anomaly"}], "anomalies"}} from the critic's tags. */
    @JsonProperty("critic")
    CRITIC,
    /** The critic's structure, with no components, from an answer that begins with yes (all is well) or no. */
    @JsonProperty("verdict")
    VERDICT,
    /** {@code {"steps": [{"action", "reasoning", "success_condition"}]}} from a numbered list. */
    @JsonProperty("plan")
    PLAN
}
