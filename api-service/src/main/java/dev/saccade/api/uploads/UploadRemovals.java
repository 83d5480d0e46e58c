package dev.saccade.api.uploads;

import dev.saccade.api.store.ObjectStore;
import dev.saccade.ledger.uploads.UploadEnds;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up uploads whose time is over, and removes from the store what uploads that ended left there. */
final class UploadRemovals {

    private static final Logger LOG = LoggerFactory.getLogger(UploadRemovals.class);
    private static final int AT_ONCE = 50;

    private final UploadEnds ends;
    private final ObjectStore store;

    UploadRemovals(UploadEnds ends, ObjectStore store) {
        this.ends = ends;
        this.store = store;
    }

    /** One round; says whether there is more to do. */
    boolean sweep() {
        int expired = ends.expire(AT_ONCE);
        List<UploadEnds.Ended> ended = ends.toRemove(AT_ONCE);
        for (UploadEnds.Ended upload : ended) {
            store.removeFolder(upload.folder());
            upload.objectKeys().forEach(store::remove);
            ends.removed(upload);
        }
        if (expired > 0) {
            LOG.info("Gave up {} uploads that were not completed in time", expired);
        }
        return expired == AT_ONCE || ended.size() == AT_ONCE;
    }
}
