package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import java.util.Set;

/** What files are for. */
final class FilePurpose {

    static final String BATCH = "batch";
    static final String BATCH_OUTPUT = "batch_output";
    static final String USER_DATA = "user_data";

    private static final Set<String> MEDIA = Set.of(USER_DATA, "vision");

    private FilePurpose() {}

    static boolean isMedia(String purpose) {
        return MEDIA.contains(purpose);
    }

    /** @throws ProblemException for one that no upload has */
    static String checked(String purpose) {
        if (!purpose.equals(BATCH) && !isMedia(purpose)) {
            throw ProblemException.invalid(
                    "invalid-purpose",
                    "/purpose",
                    "Give batch for lines of a batch, user_data or vision for a clip or an image.");
        }
        return purpose;
    }
}
