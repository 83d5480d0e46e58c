package dev.saccade.api.jobs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/jobs}: {@code question} or {@code prompt} (with {@code video}), or
 * {@code messages}. */
@Schema(name = "JobSubmission", example = """
                {"question": "Is the path ahead of the robot clear, and why?", "sampling": {"max_tokens": 512}, "tags": ["dock-4"]}""")
public record JobSubmission(
        @Schema(
                description = "Id of an uploaded video or image; goes with question",
                example = "vid_0199d2f0-0000-7000-8000-000000000000")
        @Nullable
        String video,

        @Schema(description = "What to find out. Special tokens in it are plain characters") @Nullable
        String question,

        @Schema(description = "A conversation, instead of video and question; the last turn is the user's") @Nullable
        List<@Nullable Turn> messages,

        @Schema(description = "A prompt by name, instead of question; goes with video, or with one turn of media")
        @Nullable
        PromptCall prompt,

        @Schema(
                description = "Ask the model to think aloud before it answers; a prompt may have another default",
                defaultValue = "true")
        @Nullable
        Boolean reasoning,

        @Nullable Sampling sampling,
        @Nullable Vision vision,

        @Schema(description = "Name media \"Picture 1: \", \"Video 1: \" in the prompt", defaultValue = "false")
        @Nullable
        Boolean numberMedia,

        @Schema(defaultValue = "standard") @Nullable Priority priority,

        @Schema(description = "Expire the job if no worker has begun by then") @Nullable
        Instant startBy,

        @Schema(description = "Expire the job if it is not finished by then") @Nullable
        Instant finishBy,

        @Schema(description = "At most 16 labels of at most 64 characters") @Nullable
        List<@Nullable String> tags,

        @Schema(
                description = "Id of a webhook that is told of its end",
                example = "whk_0199d2f0-0000-7000-8000-000000000000")
        @Nullable
        String webhook) {

    /** About one video, by a prompt. */
    public static JobSubmission of(
            String video,
            PromptCall prompt,
            @Nullable Sampling sampling,
            @Nullable Vision vision,
            @Nullable Priority priority,
            @Nullable List<@Nullable String> tags) {
        return new JobSubmission(
                video, null, null, prompt, null, sampling, vision, null, priority, null, null, tags, null);
    }

    /** The same with this priority where none is given. */
    public JobSubmission orPriority(Priority other) {
        return priority != null
                ? this
                : new JobSubmission(
                        video,
                        question,
                        messages,
                        prompt,
                        reasoning,
                        sampling,
                        vision,
                        numberMedia,
                        other,
                        startBy,
                        finishBy,
                        tags,
                        webhook);
    }

    /** The same about this video. */
    public JobSubmission about(String other) {
        return new JobSubmission(
                other,
                question,
                messages,
                prompt,
                reasoning,
                sampling,
                vision,
                numberMedia,
                priority,
                startBy,
                finishBy,
                tags,
                webhook);
    }

    /** Ids of the media it names that can be some, at most so many. */
    Stream<UUID> media(int most) {
        var parts = Objects.requireNonNullElse(messages, List.<@Nullable Turn>of()).stream()
                .filter(Objects::nonNull)
                .map(Turn::content)
                .filter(Objects::nonNull)
                .flatMap(content -> content.parts().stream())
                .filter(Objects::nonNull)
                .map(Part::video);
        return Stream.concat(Stream.ofNullable(video), parts.filter(Objects::nonNull))
                .limit(most)
                .flatMap(id -> ExternalId.VIDEO.parse(id).stream());
    }

    /** How soon the answer is wanted. */
    public enum Priority {
        @JsonProperty("interactive")
        INTERACTIVE,
        @JsonProperty("standard")
        STANDARD,
        @JsonProperty("batch")
        BATCH
    }

    /** Who speaks. */
    public enum Role {
        @JsonProperty("system")
        SYSTEM,
        @JsonProperty("user")
        USER,
        @JsonProperty("assistant")
        ASSISTANT
    }

    /** One turn of a conversation. */
    @Schema(name = "Message")
    public record Turn(@Nullable Role role, @Nullable Content content) {}

    /** A turn's content: a text, or a list of parts. */
    @Schema(
            name = "MessageContent",
            oneOf = {String.class, Part[].class})
    public record Content(List<@Nullable Part> parts) {

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Content of(String text) {
            return new Content(List.of(new Part(PartType.TEXT, text, null, null)));
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Content of(List<@Nullable Part> parts) {
            return new Content(parts);
        }
    }

    /** What a part holds. */
    public enum PartType {
        @JsonProperty("text")
        TEXT,
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("image")
        IMAGE
    }

    /** One piece of a turn: {@code text} for a text, {@code video} (an id) for a video or an image. */
    @Schema(name = "MessagePart")
    public record Part(
            @Nullable PartType type,
            @Nullable String text,
            @Nullable String video,

            @Schema(
                    description =
                            "Numbered marks, drawn on a video's frames, or on an image, before the model sees them")
            @Nullable
            List<@Nullable MarkSpec> marks) {}
}
