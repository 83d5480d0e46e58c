package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The short form: one question about many clips. Each clip's id is its custom_id. */
@Schema(name = "BatchTemplate")
record BatchTemplate(
        @Schema(description = "Ids of uploaded videos or images, each once") @JsonProperty(required = true) @Nullable
        List<@Nullable String> videos,

        @Schema(description = "What POST /v1/jobs takes, with question and without video and messages")
        @JsonProperty(required = true)
        @Nullable
        JobSubmission request) {

    /** The lines that it stands for. */
    InputStream lines() throws IOException {
        JobSubmission template = request;
        if (videos == null || videos.isEmpty() || videos.contains(null)) {
            throw ProblemException.invalid("videos-empty", "/videos", "Give the ids of one video or more.");
        }
        if (template == null) {
            throw ProblemException.invalid("invalid-field", "/request", "Give what to ask of each video.");
        }
        if (template.video() != null || template.messages() != null) {
            throw ProblemException.invalid(
                    "invalid-request",
                    template.video() != null ? "/request/video" : "/request/messages",
                    "Leave this out: the request has a question, which is asked about each of the videos.");
        }
        var each = videos.iterator();
        var lines = new java.util.ArrayList<InputStream>();
        while (each.hasNext()) {
            String video = String.valueOf(each.next());
            lines.add(new LazyLine(new BatchRequestLine(video, template.about(video))));
        }
        return new SequenceInputStream(Collections.enumeration(lines));
    }

    /** Written when it is read, so that not all are in memory at once. */
    private static final class LazyLine extends InputStream {

        private final BatchRequestLine line;
        private @Nullable ByteArrayInputStream bytes;

        LazyLine(BatchRequestLine line) {
            this.line = line;
        }

        private ByteArrayInputStream bytes() {
            if (bytes == null) {
                bytes = new ByteArrayInputStream(
                        (ApiJson.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return bytes;
        }

        @Override
        public int read() {
            return bytes().read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return bytes().read(buffer, offset, length);
        }
    }
}
