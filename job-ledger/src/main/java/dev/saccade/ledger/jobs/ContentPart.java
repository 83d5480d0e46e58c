package dev.saccade.ledger.jobs;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.UUID;

/** One piece of a message. In JSON {@code {"type":"text","text":…}} or {@code {"type":"video","video_id":…}}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ContentPart.Text.class, name = "text"),
    @JsonSubTypes.Type(value = ContentPart.Image.class, name = "image"),
    @JsonSubTypes.Type(value = ContentPart.Video.class, name = "video")
})
public sealed interface ContentPart {

    /** Plain text; special tokens in it are ordinary characters. */
    record Text(String text) implements ContentPart {}

    /** A still image of the tenant's. */
    record Image(UUID videoId) implements ContentPart {}

    /** A clip of the tenant's. */
    record Video(UUID videoId) implements ContentPart {}
}
