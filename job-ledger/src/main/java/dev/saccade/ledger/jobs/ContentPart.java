package dev.saccade.ledger.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /**
     * A still image of the tenant's.
     *
     * @param marks drawn on it; null for none
     */
    record Image(UUID videoId, @Nullable List<MarkSpec> marks) implements ContentPart {

        @JsonCreator
        public Image {
            marks = marks == null ? null : List.copyOf(marks);
        }

        public Image(UUID videoId) {
            this(videoId, null);
        }
    }

    /**
     * A clip of the tenant's.
     *
     * @param marks drawn on its frames; null for none
     */
    record Video(UUID videoId, @Nullable List<MarkSpec> marks) implements ContentPart {

        @JsonCreator
        public Video {
            marks = marks == null ? null : List.copyOf(marks);
        }

        public Video(UUID videoId) {
            this(videoId, null);
        }
    }
}
