package dev.saccade.api.uploads;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.uploads.NewUpload;
import dev.saccade.ledger.uploads.TooManyUploadsException;
import dev.saccade.ledger.uploads.UploadSessions;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import java.time.Duration;

/** The tenant's uploads that take several requests. */
final class OpenUploads {

    private static final Duration SOME_END = Duration.ofMinutes(1);

    private final UploadSessions sessions;
    private final VideoLedger videos;
    private final VideoDeletions deletions;

    OpenUploads(UploadSessions sessions, VideoLedger videos, VideoDeletions deletions) {
        this.sessions = sessions;
        this.videos = videos;
        this.deletions = deletions;
    }

    UploadView open(Caller caller, NewUpload upload) {
        try {
            return sessions.open(caller.tenantId(), caller.actor(), upload);
        } catch (TooManyUploadsException many) {
            throw new ProblemException(
                            429,
                            "too-many-open-uploads",
                            "Your tenant has " + UploadSessions.MOST_OPEN
                                    + " uploads going on. Complete some, or delete those that you gave up.")
                    .retryAfter(SOME_END);
        }
    }

    UploadView find(Caller caller, String id, NewUpload.Protocol protocol) {
        return ExternalId.UPLOAD
                .parse(id)
                .flatMap(uuid -> sessions.find(caller.tenantId(), uuid, protocol))
                .orElseThrow(() -> ProblemException.notFound("upload"));
    }

    /** The video that it becomes, or has become. */
    VideoView video(UploadView upload) {
        return videos.find(upload.tenantId(), upload.videoId()).orElseThrow(() -> ProblemException.notFound("upload"));
    }

    /** Gives it up. What was sent is removed within seconds. */
    void abort(Caller caller, UploadView upload) {
        if (video(upload).state() == VideoState.READY) {
            throw new ProblemException(
                    409, "upload-complete", "The upload is complete. Delete its video if you don't want it.");
        }
        deletions.delete(caller.tenantId(), upload.videoId(), caller.actor());
    }

    /** Of an upload that was rejected or given up: nothing more can be sent. */
    static ProblemException ended(VideoView video) {
        String why = video.rejectionReason() == null ? "It was given up." : video.rejectionReason();
        return new ProblemException(410, "upload-ended", "This upload has ended. " + why);
    }
}
