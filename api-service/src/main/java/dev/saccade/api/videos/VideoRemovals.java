package dev.saccade.api.videos;

import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.StoreUnavailableException;
import dev.saccade.ledger.videos.VideoDeletions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes media whose time is over, and removes from the store what has ended. Instances share the work. */
public final class VideoRemovals {

    private static final Logger LOG = LoggerFactory.getLogger(VideoRemovals.class);
    private static final int AT_ONCE = 50;

    private final VideoDeletions deletions;
    private final ObjectStore store;

    public VideoRemovals(VideoDeletions deletions, ObjectStore store) {
        this.deletions = deletions;
        this.store = store;
    }

    /**
     * One round.
     *
     * @return whether there is more to do
     * @throws StoreUnavailableException where the store is away; what is left is taken up again in some minutes
     */
    public boolean sweep() {
        int expired = deletions.expire(AT_ONCE);
        List<VideoDeletions.Video> ended = deletions.toRemove(AT_ONCE);
        for (VideoDeletions.Video video : ended) {
            store.remove(video.objectKey());
            deletions.removed(video);
        }
        if (expired > 0 || !ended.isEmpty()) {
            LOG.info("Deleted {} videos whose time was over, removed {} objects", expired, ended.size());
        }
        return expired == AT_ONCE || ended.size() == AT_ONCE;
    }
}
