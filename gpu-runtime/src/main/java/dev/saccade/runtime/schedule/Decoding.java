package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Part;
import dev.saccade.runtime.schedule.KnownMedia.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A clip that is being decoded, for all requests that wait for it. Guarded by {@link Preparation}'s lock. */
final class Decoding {

    /** A request's image or video. */
    record Place(MediaWork work, int index) {}

    final Query query;
    final List<Place> wanted = new ArrayList<>();
    final Set<Path> tried = new HashSet<>();
    final long bytes; // taken from the budget
    boolean granted; // they were taken

    @Nullable
    MediaJob job;

    Decoding(Query query, long bytes) {
        this.query = query;
        this.bytes = bytes;
    }

    /** A file with this content that was not tried yet: that of another request may have gone with its own. */
    @Nullable
    Place nextSource() {
        for (Place place : wanted) {
            if (tried.add(file(place))) {
                return place;
            }
        }
        return null;
    }

    private static Path file(Place place) {
        return switch (place.work().media.get(place.index())) {
            case Part.Media media -> media.file();
            case Part.Text _ -> throw new IllegalArgumentException("text is no medium");
        };
    }

    /** Nobody of this request waits any more; true where nobody waits at all. */
    boolean leave(MediaWork work) {
        wanted.removeIf(place -> place.work() == work);
        return wanted.isEmpty();
    }

    /** Ends the decoder. */
    void stop() {
        MediaJob running = job;
        if (running != null) {
            running.cancel(true);
        }
    }
}
