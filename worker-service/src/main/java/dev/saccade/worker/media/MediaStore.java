package dev.saccade.worker.media;

import java.io.IOException;
import java.io.InputStream;

/** Where uploaded media lie. The worker only reads. */
public interface MediaStore {

    /**
     * The object's bytes from the beginning; the caller closes the stream.
     *
     * @throws UnusableMediaException where the object does not exist
     * @throws IOException where the store can't be reached or fails; another try may succeed
     */
    InputStream open(String objectKey) throws IOException, UnusableMediaException;

    /** Whether anything can be asked for now; answers within seconds. */
    boolean reachable();
}
