package dev.saccade.runtime.schedule;

import dev.saccade.runtime.InvalidRequestException;

/**
 * Memory for the pixels of clips that are being decoded or wait for the vision tower. Taken before a clip is decoded, by what
 * its container promises. For use under its owner's lock.
 */
final class PatchBudget {

    private final long limit;
    private long taken;

    PatchBudget(long limit) {
        this.limit = limit;
    }

    /** @throws InvalidRequestException where so much will never be free */
    void requirePossible(long bytes) {
        if (bytes > limit) {
            throw new InvalidRequestException(
                    "media-too-large",
                    "The request's images and videos take " + bytes + " bytes once decoded, but this engine prepares at"
                            + " most " + limit + " at a time; ask for fewer or smaller frames.");
        }
    }

    boolean take(long bytes) {
        if (bytes > limit - taken) {
            return false;
        }
        taken += bytes;
        return true;
    }

    /** A clip turned out to be of another size than its container promised; this is never refused. */
    void correct(long promised, long actual) {
        taken += actual - promised;
    }

    void free(long bytes) {
        taken -= bytes;
    }

    long missing(long bytes) {
        return Math.max(0, bytes - (limit - taken));
    }

    void report(MediaFigures status) {
        status.patchBytes = taken;
        status.patchLimitBytes = limit;
    }
}
