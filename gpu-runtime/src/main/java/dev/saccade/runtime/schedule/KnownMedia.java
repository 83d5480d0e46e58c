package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Mark;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.MediaSummary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of files that were decoded before, so that a prompt about one can be built without decoding it again. */
final class KnownMedia {

    /** A summary lists up to 768 frames: 50 KB. */
    private static final int REMEMBERED = 512;

    /**
     * What was asked for.
     *
     * @param content SHA-256 of the file
     * @param marks drawn on its frames
     */
    record Query(String content, boolean image, VisionOptions options, List<Mark> marks) {}

    private final Map<Query, MediaSummary> summaries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Query, MediaSummary> eldest) {
            return size() > REMEMBERED;
        }
    };

    synchronized @Nullable MediaSummary get(Query query) {
        return summaries.get(query);
    }

    synchronized void put(Query query, MediaSummary summary) {
        summaries.put(query, summary);
    }
}
