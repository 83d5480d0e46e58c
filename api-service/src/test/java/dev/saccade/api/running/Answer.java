package dev.saccade.api.running;

import java.net.http.HttpHeaders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the API answered. */
@SuppressWarnings("ArrayRecordComponent") // compared by no test as a whole
public record Answer(int status, HttpHeaders headers, byte[] body) {

    public JsonNode json() {
        return JsonMapper.shared().readTree(body);
    }

    /** The value at a JSON pointer; an empty text where there is none. */
    public String text(String pointer) {
        return json().at(pointer).asString("");
    }

    /** A header's value; an empty text where it is missing. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }
}
