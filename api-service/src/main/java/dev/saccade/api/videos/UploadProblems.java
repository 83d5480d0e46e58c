package dev.saccade.api.videos;

import dev.saccade.api.problems.ProblemException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients are told of uploads that fail, however they come. */
public final class UploadProblems {

    private static final Logger LOG = LoggerFactory.getLogger(UploadProblems.class);

    private UploadProblems() {}

    public static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                413,
                "file-too-large",
                "The file is larger than the limit of " + maxBytes + " bytes. Shorten or compress the clip.");
    }

    public static ProblemException empty() {
        return new ProblemException(422, "empty-file", "The file is empty. Send a video or an image.");
    }

    /** The client has left. */
    public static ProblemException interrupted() {
        return new ProblemException(
                400,
                "upload-interrupted",
                "The upload ended before its last byte. Send what is missing, or all of it.");
    }

    /** The local disk is full. */
    public static ProblemException noSpace(IOException full) {
        LOG.warn("An upload could not be spooled: {}", full.toString());
        return new ProblemException(
                507,
                "insufficient-storage",
                "The server has no room for this upload at the moment. Nothing was kept; try again later.");
    }

    /** The object store failed. */
    public static ProblemException storeUnavailable() {
        return ProblemException.unavailable(
                "store-unavailable", "The object store does not answer. Nothing was kept; try again in a moment.");
    }
}
