package dev.saccade.worker.media;

/** The media are gone, or are not what was uploaded, or don't fit: no other try helps. */
public final class UnusableMediaException extends FetchException {

    private static final long serialVersionUID = 1L;

    public UnusableMediaException(String code, String message) {
        super(code, message);
    }

    /** No object lies under the key. */
    public static UnusableMediaException missing() {
        return new UnusableMediaException(
                "media-missing", "The file of this video or image is no longer stored; upload it again.");
    }
}
