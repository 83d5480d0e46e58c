package dev.saccade.runtime.constrain;

/** Schemas as users write them. */
final class Schemas {

    /** What a driving scene's answer looks like. */
    static final String SCENE = """
            {"type": "object", "title": "Scene",
             "properties": {
               "summary": {"type": "string", "maxLength": 300},
               "safe_to_turn": {"type": "boolean"},
               "confidence": {"type": "number", "minimum": 0, "maximum": 1},
               "events": {"type": "array", "maxItems": 20, "items": {"$ref": "#/$defs/event"}},
               "plan": {"type": "array", "items": {"enum": ["stop", "go", "turn left", "turn right"]}, "minItems": 1}},
             "required": ["summary", "safe_to_turn", "confidence", "events", "plan"],
             "additionalProperties": false,
             "$defs": {"event": {"type": "object",
               "properties": {
                 "kind": {"type": "string", "enum": ["pedestrian", "vehicle", "cyclist", "signal", "other"]},
                 "start_seconds": {"type": "number", "minimum": 0},
                 "end_seconds": {"type": "number", "minimum": 0},
                 "box": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 1000}, "minItems": 4, "maxItems": 4},
                 "description": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": null}},
               "required": ["kind", "start_seconds", "end_seconds"]}}}
            """;

    /** Without the format email: the validator of the tests knows the registered top-level domains, we don't. */
    static final String[] REALISTIC = {
        SCENE,
        "{\"type\": \"object\", \"properties\": {\"reasoning\": {\"type\": \"string\"}, \"answer\": {\"type\": \"string\"}},"
                + " \"required\": [\"reasoning\", \"answer\"]}",
        "{\"type\": \"array\", \"items\": {\"type\": [\"integer\", \"null\", \"string\"], \"minimum\": -7, \"maximum\": 1234}}",
        "{\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\", \"format\": \"uuid\"}, \"when\": {\"type\":"
                + " \"string\", \"format\": \"date-time\"}, \"day\":"
                + " {\"type\": \"string\", \"format\": \"date\"}, \"at\": {\"type\": \"string\", \"format\": \"time\"}, \"ip\":"
                + " {\"type\": \"string\", \"format\": \"ipv4\"}}, \"required\": [\"id\", \"when\", \"day\", \"at\"]}",
        "{\"type\": \"object\", \"properties\": {\"plate\": {\"type\": \"string\", \"pattern\": \"^[A-Z]{1,3}-[0-9]{2,4}$\"},"
                + " \"note\": {\"type\": \"string\", \"pattern\": \"ok\", \"maxLength\": 12}}, \"additionalProperties\":"
                + " {\"type\": \"number\", \"exclusiveMinimum\": -2.5}}",
        "{\"$defs\": {\"tree\": {\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\", \"minLength\": 1},"
                + " \"parts\": {\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/tree\"}}}, \"required\": [\"name\"]}},"
                + " \"$ref\": \"#/$defs/tree\"}",
        "{\"type\": \"object\", \"properties\": {\"meta\": {\"type\": \"object\"}, \"any\": {}, \"pair\": {\"prefixItems\":"
                + " [{\"type\": \"integer\"}, {\"type\": \"string\"}], \"minItems\": 2, \"type\": \"array\"}}}",
    };

    private Schemas() {}
}
