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
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives media: a row, then the bytes, then what they are, then the object. What is no media, or has come only in part,
 * never reaches the store; what fails leaves a row that says why, and neither an object nor a file.
 */
public final class VideoUploads {

    private static final Logger LOG = LoggerFactory.getLogger(VideoUploads.class);

    private final VideoLedger ledger;
    private final ObjectStore store;
    private final MediaProbe probe;
    private final UploadLimits limits;
    private final Semaphore receiving;
    private final Semaphore storing;
    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    public VideoUploads(VideoLedger ledger, ObjectStore store, MediaProbe probe, UploadLimits limits) {
        this.ledger = ledger;
        this.store = store;
        this.probe = probe;
        this.limits = limits;
        this.receiving = new Semaphore(limits.concurrent());
        this.storing = new Semaphore(limits.storing());
        Spool.sweep(limits.folder());
    }

    /**
     * Takes one file and returns its READY row. Whatever goes wrong, the upload is over.
     *
     * @throws ProblemException where the file can't be taken
     */
    VideoView receive(Caller caller, UploadBody body) {
        return inSlot(() -> {
            VideoView begun = ledger.begin(caller.tenantId(), caller.actor(), Filenames.display(body.filename()));
            return orUndo(begun, () -> take(begun, body.content(), body::requireEnd, null));
        });
    }

    /**
     * Takes one file that somebody else brings, and returns its READY row. Whatever goes wrong, the upload is over.
     *
     * @param filename for display
     * @throws ProblemException where the file can't be brought or taken
     */
    public VideoView receive(UUID tenantId, String actor, String filename, Source source) {
        return inSlot(() -> {
            VideoView begun = ledger.begin(tenantId, actor, filename);
            return orUndo(begun, () -> source.open(content -> take(begun, content, () -> {}, null)));
        });
    }

    /** The same of a file that is on the local disk already. */
    public VideoView receive(UUID tenantId, String actor, String filename, Received received) {
        return inSlot(() -> {
            VideoView begun = ledger.begin(tenantId, actor, filename);
            return orUndo(begun, () -> {
                if (received.bytes() > limits.maxBytes()) {
                    throw UploadProblems.tooLarge(limits.maxBytes());
                }
                return check(begun, received, null);
            });
        });
    }

    /** Brings a file. */
    @FunctionalInterface
    public interface Source {

        /** Gives what {@code taker} makes of the file. */
        VideoView open(Taker taker);
    }

    /** Takes a file. */
    @FunctionalInterface
    public interface Taker {

        VideoView take(InputStream content);
    }

    private VideoView orUndo(VideoView begun, Supplier<VideoView> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            ProblemException problem = ProblemTranslator.translate(failure);
            undo(begun, problem.problem());
            throw problem;
        }
    }

    /**
     * Takes a file for a row that is UPLOADING already. What is wrong with the file ends the upload; what is wrong with the
     * service, answered with 500 and above, leaves it as it is.
     *
     * @param sha256 that the file must have, in lower-case hex; null for any
     * @throws ProblemException where the file can't be taken
     */
    public VideoView receive(VideoView begun, InputStream content, @Nullable String sha256) {
        return inSlot(() -> {
            try {
                return take(begun, content, () -> {}, sha256);
            } catch (RuntimeException failure) {
                ProblemException problem = ProblemTranslator.translate(failure);
                if (problem.problem().status() < 500) {
                    undo(begun, problem.problem());
                }
                throw problem;
            }
        });
    }

    /** Does something that keeps a client's connection, unless as many as may be are at it. */
    public <T> T inSlot(Supplier<T> work) {
        if (!receiving.tryAcquire()) {
            throw ProblemException.unavailable(
                    "too-many-uploads", "The server receives as many files as it can at the moment. Try again.");
        }
        try {
            return work.get();
        } finally {
            receiving.release();
        }
    }

    private VideoView take(VideoView begun, InputStream content, Runnable requireEnd, @Nullable String sha256) {
        try (Spool spool = Spool.create(limits.folder())) {
            Received received = Received.of(content, spool, limits.maxBytes());
            requireEnd.run();
            return check(begun, received, sha256);
        } catch (IOException full) {
            throw UploadProblems.noSpace(full);
        }
    }

    private VideoView check(VideoView begun, Received received, @Nullable String sha256) {
        bytes.add(received.bytes());
        try {
            if (received.bytes() == 0) {
                throw UploadProblems.empty();
            }
            if (sha256 != null && !sha256.equals(received.sha256())) {
                throw new ProblemException(
                        422,
                        "checksum-mismatch",
                        "The bytes that arrived have the SHA-256 " + received.sha256() + ". Send the file again.");
            }
            VideoView kept = keep(begun, facts(probe.probe(received.file()), received), received);
            taken.increment();
            return kept;
        } catch (IOException full) {
            throw UploadProblems.noSpace(full);
        } catch (EngineException refused) {
            throw new ProblemException(422, refused.code(), String.valueOf(refused.getMessage()));
        }
    }

    private VideoView keep(VideoView begun, VideoFacts facts, Received received) throws IOException {
        if (limits.deduplicate()) {
            Optional<VideoView> shared = ledger.readyAsBefore(begun.tenantId(), begun.id(), facts);
            if (shared.isPresent()) {
                return shared.get();
            }
        }
        store(begun.objectKey(), received.file());
        return ledger.ready(begun, facts).orElseThrow(() -> {
            remove(begun); // deleted or given up while it was written
            return new ProblemException(
                    409, "upload-superseded", "This upload was ended meanwhile. Send the file again.");
        });
    }

    /**
     * Writes a local file to the store, when it is this one's turn.
     *
     * @throws ProblemException where the store fails
     */
    public void store(String key, Path file) throws IOException {
        storing.acquireUninterruptibly();
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            store.put(key, content);
        } catch (StoreUnavailableException failure) {
            LOG.warn("An upload was refused because the object store failed: {}", failure.toString());
            throw UploadProblems.storeUnavailable();
        } finally {
            storing.release();
        }
    }

    private static VideoFacts facts(ClipFacts clip, Received received) {
        return new VideoFacts(
                clip.kind().name(),
                received.sha256(),
                received.bytes(),
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

    /** Files that became READY here. */
    public long taken() {
        return taken.sum();
    }

    /** Uploads that ended here without becoming READY, by the file's fault or the service's. */
    public long refused() {
        return refused.sum();
    }

    /** Of all files that arrived here whole. */
    public long bytes() {
        return bytes.sum();
    }

    /** Clients that send a file just now. */
    public int open() {
        return limits.concurrent() - receiving.availablePermits();
    }

    private void undo(VideoView begun, Problem problem) {
        refused.increment();
        try {
            ledger.reject(begun.tenantId(), begun.id(), problem.code(), problem.detail());
        } catch (RuntimeException failure) {
            LOG.warn("Upload {} could not be marked as rejected: {}", begun.id(), failure.toString());
        }
        remove(begun);
    }

    private void remove(VideoView begun) {
        try {
            store.remove(begun.objectKey());
        } catch (StoreUnavailableException failure) {
            LOG.warn("The object of upload {} could not be removed: {}", begun.id(), failure.toString());
        }
    }
}
