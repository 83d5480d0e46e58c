package dev.saccade.api.uploads;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.api.uploads.StagedContent.Piece;
import dev.saccade.api.videos.Spool;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.uploads.Segment;
import dev.saccade.ledger.uploads.UploadSessions;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of tus uploads: kept in the store in segments, each an object of its own, which the database counts. So no
 * instance knows more of an upload than any other, and what has been answered once is safe.
 */
final class TusUploads {

    private static final Logger LOG = LoggerFactory.getLogger(TusUploads.class);
    private static final int BUFFER = 64 << 10;

    private final UploadSessions sessions;
    private final VideoUploads uploads;
    private final ObjectStore store;
    private final FileChecks checks;
    private final Path folder;
    private final long segmentBytes;

    TusUploads(
            UploadSessions sessions,
            VideoUploads uploads,
            ObjectStore store,
            FileChecks checks,
            Path folder,
            long segmentBytes) {
        this.sessions = sessions;
        this.uploads = uploads;
        this.store = store;
        this.checks = checks;
        this.folder = folder;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Takes more bytes. Where the client leaves in the middle, what has come is kept; with a checksum all of it or nothing.
     *
     * @param offset where they begin
     * @return where they end
     */
    long append(UploadView upload, long offset, InputStream body, @Nullable TusChecksum checksum) {
        if (upload.segments() >= UploadSessions.MOST_SEGMENTS) {
            throw new ProblemException(
                    409,
                    "too-many-parts",
                    "The upload came in " + UploadSessions.MOST_SEGMENTS
                            + " parts already. Begin a new one and send more at a time.");
        }
        return uploads.inSlot(() -> {
            long most = checksum == null ? segmentBytes : upload.sizeBytes();
            long end = offset;
            boolean more = true;
            while (more && end < upload.sizeBytes()) {
                Stretch stretch = segment(upload, end, Math.min(most, upload.sizeBytes() - end), body, checksum);
                end += stretch.bytes();
                if (stretch.interrupted()) {
                    throw UploadProblems.interrupted();
                }
                more = !stretch.last();
            }
            if (more && next(body, new byte[1]) >= 0) {
                throw tooMuch(upload);
            }
            return end;
        });
    }

    /** The whole file has come: it becomes a READY video. */
    VideoView complete(UploadView upload) {
        List<Piece> pieces = sessions.segments(upload).stream()
                .map(segment -> new Piece(upload.segmentKey(segment.objectId()), segment.bytes()))
                .toList();
        return checks.check(upload, pieces, upload.sha256());
    }

    static ProblemException tooMuch(UploadView upload) {
        return new ProblemException(
                413,
                "upload-too-long",
                "More bytes came than the " + upload.sizeBytes()
                        + " of Upload-Length. Ask for the offset and stop there.");
    }

    static ProblemException wrongOffset() {
        return new ProblemException(
                409,
                "wrong-offset",
                "Upload-Offset is not where the upload has got to. Ask for the offset by HEAD and go on from there.");
    }

    private Stretch segment(
            UploadView upload, long offset, long most, InputStream body, @Nullable TusChecksum checksum) {
        try (Spool spool = Spool.create(folder)) {
            Stretch stretch = read(body, spool, most, checksum);
            if (checksum != null && stretch.interrupted()) {
                throw UploadProblems.interrupted();
            }
            if (checksum != null && !checksum.matches()) {
                throw new ProblemException(
                        460,
                        "checksum-mismatch",
                        "The bytes don't have the checksum of Upload-Checksum. Send them again.");
            }
            if (stretch.bytes() > 0) {
                keep(upload, offset, stretch.bytes(), spool.finish());
            }
            return stretch;
        } catch (IOException full) {
            throw UploadProblems.noSpace(full);
        }
    }

    private void keep(UploadView upload, long offset, long bytes, Path file) throws IOException {
        UUID object = UuidCreator.getTimeOrderedEpoch();
        String key = upload.segmentKey(object);
        uploads.store(key, file);
        if (!sessions.append(upload, offset, List.of(new Segment(bytes, object)))) {
            remove(key);
            throw wrongOffset(); // somebody else's bytes were faster, or the upload has ended
        }
    }

    private void remove(String key) {
        try {
            store.remove(key);
        } catch (StoreUnavailableException failure) {
            LOG.debug("A segment stays until its upload is cleared up: {}", failure.toString());
        }
    }

    /** @param last whether the body ended */
    private record Stretch(long bytes, boolean last, boolean interrupted) {}

    private static Stretch read(InputStream body, Spool spool, long most, @Nullable TusChecksum checksum)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        while (bytes < most) {
            int read;
            try {
                read = body.read(buffer, 0, (int) Math.min(buffer.length, most - bytes));
            } catch (IOException gone) {
                return new Stretch(bytes, true, true);
            }
            if (read < 0) {
                return new Stretch(bytes, true, false);
            }
            spool.write(buffer, 0, read);
            if (checksum != null) {
                checksum.digest().update(buffer, 0, read);
            }
            bytes += read;
        }
        return new Stretch(bytes, false, false);
    }

    private static int next(InputStream body, byte[] one) {
        try {
            return body.read(one);
        } catch (IOException gone) {
            return -1; // all that belongs to the upload has come
        }
    }
}
