package dev.saccade.api.uploads;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.uploads.UploadView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/uploads/{id}/complete}. */
@Schema(name = "UploadCompletion")
record UploadCompletion(
        @Schema(description = "SHA-256 that the file must have, in hex", pattern = "^[0-9a-fA-F]{64}$") @Nullable
        String sha256,

        @Schema(
                description =
                        "All parts, by number, with the ETags that the store answered. Left out: whatever was sent")
        @Nullable
        List<@Nullable Part> parts) {

    static final UploadCompletion OF_ALL = new UploadCompletion(null, null);

    @Schema(name = "UploadedPart")
    record Part(
            @Schema(minimum = "1") @JsonProperty(required = true) @Nullable
            Integer partNumber,

            @Nullable String etag) {}

    /** The ETag that each part must have, in order; null for any. */
    List<@Nullable String> etags(UploadView upload) {
        List<@Nullable String> etags = new ArrayList<>();
        if (parts == null) {
            for (int i = 0; i < upload.parts(); i++) {
                etags.add(null);
            }
            return etags;
        }
        if (parts.size() > upload.parts()) {
            throw ProblemException.invalid(
                    "too-many-parts", "/parts", "This upload has " + upload.parts() + " parts. Name each once.");
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            etags.add(part == null ? null : part.etag());
            requireNext(part, i, upload.parts());
        }
        if (parts.size() < upload.parts()) {
            throw ProblemException.invalid(
                    "parts-missing", "/parts", "Name all " + upload.parts() + " parts, or leave parts out.");
        }
        return etags;
    }

    private void requireNext(@Nullable Part part, int index, int all) {
        Integer number = part == null ? null : part.partNumber();
        String pointer = "/parts/" + index + "/part_number";
        if (number == null || number < 1 || number > all) {
            throw ProblemException.invalid("no-such-part", pointer, "Parts have the numbers 1 to " + all + ".");
        }
        if (number <= index) {
            throw ProblemException.invalid(
                    "parts-overlap",
                    pointer,
                    "Part " + number + " was named before, or is out of order. Name each once.");
        }
        if (number != index + 1) {
            throw ProblemException.invalid(
                    "parts-out-of-order",
                    pointer,
                    "Part " + (index + 1) + " belongs here. Name all parts in ascending order.");
        }
    }
}
