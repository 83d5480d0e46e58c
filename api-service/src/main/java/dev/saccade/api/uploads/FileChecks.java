package dev.saccade.api.uploads;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.uploads.StagedContent.Piece;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.uploads.UploadSessions;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a file that lies in the store in pieces: read once, checked, and written under a key that no client can write to. What
 * happens to the pieces afterwards changes nothing.
 */
final class FileChecks {

    private static final Logger LOG = LoggerFactory.getLogger(FileChecks.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final UploadSessions sessions;
    private final VideoUploads uploads;
    private final ObjectStore store;
    private final Duration patience;

    FileChecks(UploadSessions sessions, VideoUploads uploads, ObjectStore store, Duration patience) {
        this.sessions = sessions;
        this.uploads = uploads;
        this.store = store;
        this.patience = patience;
    }

    /**
     * The READY video. What is wrong with the file ends the upload; where the service fails it can be tried again.
     *
     * @param sha256 that the file must have; null for any
     */
    VideoView check(UploadView upload, List<Piece> pieces, @Nullable String sha256) {
        VideoView taken = sessions.take(upload, patience)
                .orElseThrow(() -> new ProblemException(
                                409,
                                "upload-being-checked",
                                "The file is being checked, or the upload has just ended."
                                        + " GET the video to see what it has become.")
                        .retryAfter(LOOK_AGAIN));
        try (StagedContent content = new StagedContent(store, pieces)) {
            return uploads.receive(taken, content, sha256);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            release(taken);
        }
    }

    private void release(VideoView taken) {
        try {
            sessions.release(taken);
        } catch (RuntimeException failure) {
            LOG.warn("Upload {} can be checked again only in a while: {}", taken.id(), failure.toString());
        }
    }
}
