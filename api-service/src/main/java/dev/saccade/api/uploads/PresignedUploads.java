package dev.saccade.api.uploads;

import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.ObjectStore.Stored;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.api.uploads.StagedContent.Piece;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoView;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Files that clients write to the store themselves: each part is an object, at an address that takes its length only. */
final class PresignedUploads {

    private final ObjectStore store;
    private final FileChecks checks;

    PresignedUploads(ObjectStore store, FileChecks checks) {
        this.store = store;
        this.checks = checks;
    }

    /** Where to PUT a part, until the upload is given up. */
    URI address(UploadView upload, int part) {
        Duration left = Duration.between(Instant.now(), upload.expiresAt());
        return store.presignPut(upload.partKey(part), upload.bytesOf(part), left.isPositive() ? left : Duration.ZERO);
    }

    /** @throws ProblemException 422 where parts are missing or other than told: the upload goes on */
    VideoView complete(UploadView upload, UploadCompletion completion) {
        List<@Nullable String> etags = completion.etags(upload);
        String sha256 = NewUploadDocument.checkedSha256(completion.sha256());
        if (sha256 != null && upload.sha256() != null && !sha256.equals(upload.sha256())) {
            throw ProblemException.invalid(
                    "checksum-mismatch", "/sha256", "The upload was begun for a file with another SHA-256.");
        }
        List<Piece> pieces = pieces(upload, etags);
        return checks.check(upload, pieces, sha256 == null ? upload.sha256() : sha256);
    }

    private List<Piece> pieces(UploadView upload, List<@Nullable String> etags) {
        List<Piece> pieces = new ArrayList<>();
        List<Violation> wrong = new ArrayList<>();
        for (int part = 1; part <= upload.parts(); part++) {
            Optional<Stored> stored = stat(upload.partKey(part));
            String fault = fault(stored, upload.bytesOf(part), etags.get(part - 1));
            if (fault != null) {
                wrong.add(new Violation("/parts/" + (part - 1), "Part " + part + " " + fault));
            }
            pieces.add(new Piece(upload.partKey(part), upload.bytesOf(part)));
        }
        if (!wrong.isEmpty()) {
            throw new ProblemException(
                    422,
                    "parts-missing",
                    "Parts are missing, or other than you say. Send them and complete again.",
                    wrong);
        }
        return pieces;
    }

    private static @Nullable String fault(Optional<Stored> stored, long bytes, @Nullable String etag) {
        if (stored.isEmpty()) {
            return "has not been sent.";
        }
        if (stored.get().bytes() != bytes) {
            return "has " + stored.get().bytes() + " bytes rather than " + bytes + ".";
        }
        return etag == null
                        || etag.replace("\"", "")
                                .equals(Objects.requireNonNull(stored.get().etag()))
                ? null
                : "has another ETag: it was sent again.";
    }

    private Optional<Stored> stat(String key) {
        try {
            return store.stat(key);
        } catch (StoreUnavailableException failure) {
            throw UploadProblems.storeUnavailable();
        }
    }
}
