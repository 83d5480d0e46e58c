package dev.saccade.api.videos;

import dev.saccade.api.problems.Problem;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoView;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.media.ClipFacts;
import dev.saccade.runtime.media.MediaProbe;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives media: a row, then the bytes, then what they are. An upload that fails anywhere leaves a REJECTED row that
 * says why, and neither an object nor a file.
 */
public final class VideoUploads {

    private static final Logger LOG = LoggerFactory.getLogger(VideoUploads.class);

    private final VideoLedger ledger;
    private final ObjectStore store;
    private final MediaProbe probe;
    private final UploadLimits limits;
    private final Semaphore slots;

    public VideoUploads(VideoLedger ledger, ObjectStore store, MediaProbe probe, UploadLimits limits) {
        this.ledger = ledger;
        this.store = store;
        this.probe = probe;
        this.limits = limits;
        this.slots = new Semaphore(limits.concurrent());
        Spool.sweep(limits.folder());
    }

    /**
     * Takes one file and returns its READY row.
     *
     * @throws ProblemException where the file can't be taken
     */
    VideoView receive(Caller caller, UploadBody body) {
        if (!slots.tryAcquire()) {
            throw ProblemException.unavailable(
                    "too-many-uploads", "The server receives as many files as it can at the moment. Try again.");
        }
        try {
            VideoView begun = ledger.begin(caller.tenantId(), caller.actor(), Filenames.display(body.filename()));
            try {
                VideoFacts facts = transfer(begun, body);
                return ledger.ready(caller.tenantId(), begun.id(), facts)
                        .orElseThrow(() -> new ProblemException(
                                409, "upload-superseded", "This upload was ended meanwhile. Send the file again."));
            } catch (RuntimeException failure) {
                ProblemException problem = ProblemTranslator.translate(failure);
                undo(begun, problem.problem());
                throw problem;
            }
        } finally {
            slots.release();
        }
    }

    private VideoFacts transfer(VideoView begun, UploadBody body) {
        try (Spool spool = Spool.create(limits.folder())) {
            UploadStream content = new UploadStream(body.content(), spool, limits.maxBytes());
            put(begun.objectKey(), content);
            body.requireEnd();
            if (content.bytes() == 0) {
                throw new ProblemException(422, "empty-file", "The file is empty. Send a video or an image.");
            }
            ClipFacts clip = probe.probe(spool.finish());
            return facts(clip, content);
        } catch (IOException full) {
            LOG.warn("An upload could not be spooled in {}: {}", limits.folder(), full.toString());
            throw UploadStream.noSpace();
        } catch (EngineException refused) {
            throw new ProblemException(422, refused.code(), String.valueOf(refused.getMessage()));
        }
    }

    private void put(String key, UploadStream content) {
        try {
            store.put(key, content);
        } catch (StoreUnavailableException failure) {
            ProblemException problem = content.problem();
            if (problem != null) {
                throw problem;
            }
            LOG.warn("An upload was refused because the object store failed: {}", failure.toString());
            throw storeUnavailable();
        }
    }

    static ProblemException storeUnavailable() {
        return ProblemException.unavailable(
                "store-unavailable", "The object store does not answer. Nothing was kept; try again in a moment.");
    }

    private static VideoFacts facts(ClipFacts clip, UploadStream content) {
        return new VideoFacts(
                clip.kind().name(),
                content.sha256Hex(),
                content.bytes(),
                contentType(clip),
                clip.format(),
                clip.codec(),
                clip.width(),
                clip.height(),
                clip.durationSeconds(),
                clip.fps(),
                clip.frames());
    }

    /** From what the file is, never from what the client said. */
    private static String contentType(ClipFacts clip) {
        return switch (clip.format()) {
            case "mp4" -> "video/mp4";
            case "matroska" -> "video/x-matroska";
            case "jpeg" -> "image/jpeg";
            case "png" -> "image/png";
            default -> "application/octet-stream";
        };
    }

    private void undo(VideoView begun, Problem problem) {
        try {
            ledger.reject(begun.tenantId(), begun.id(), problem.code(), problem.detail());
        } catch (RuntimeException failure) {
            LOG.warn("Upload {} could not be marked as rejected: {}", begun.id(), failure.toString());
        }
        try {
            store.remove(begun.objectKey());
        } catch (StoreUnavailableException failure) {
            LOG.warn("The object of upload {} could not be removed: {}", begun.id(), failure.toString());
        }
    }
}
