package dev.saccade.api.jobs;

import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the media that one request names, among its tenant's only. */
final class MediaLookup {

    private final Function<UUID, Optional<VideoView>> finder;
    private final int maxMedia;
    private final Violations violations;
    private final Map<UUID, Optional<VideoView>> seen = new HashMap<>();
    private int count;

    /** @param finder finds media of the tenant's, and nobody else's */
    MediaLookup(Function<UUID, Optional<VideoView>> finder, int maxMedia, Violations violations) {
        this.finder = finder;
        this.maxMedia = maxMedia;
        this.violations = violations;
    }

    /** The media as a part of a message; null where it was noted as wrong. Another tenant's is unknown here. */
    @Nullable
    ContentPart find(String externalId, String pointer) {
        return find(externalId, pointer, null, "");
    }

    /** The same with marks on its frames. */
    @Nullable
    ContentPart find(String externalId, String pointer, @Nullable List<@Nullable MarkSpec> marks, String marksPointer) {
        if (++count > maxMedia) {
            if (count == maxMedia + 1) {
                violations.add("too-many-media", pointer, "A job takes at most " + maxMedia + " videos and images.");
            }
            return null;
        }
        Optional<VideoView> found = ExternalId.VIDEO.parse(externalId).flatMap(id -> seen.computeIfAbsent(id, finder));
        if (found.isEmpty()) {
            violations.add("unknown-video", pointer, "There is no such video. Upload it first, or check its id.");
            return null;
        }
        VideoView video = found.get();
        if (video.state() == VideoState.DELETED) {
            violations.add("video-deleted", pointer, "This video was deleted. Upload it again.");
            return null;
        }
        if (video.state() != VideoState.READY || video.facts() == null) {
            violations.add("video-not-ready", pointer, "This video is not ready. GET it to see its state.");
            return null;
        }
        boolean image = video.facts().kind().equals("IMAGE");
        if (marks == null || marks.isEmpty()) {
            return image ? new ContentPart.Image(video.id()) : new ContentPart.Video(video.id());
        }
        MarkChecks.check(marks, video.facts(), marksPointer, violations);
        List<MarkSpec> drawn = marks.stream().flatMap(Stream::ofNullable).toList();
        return image ? new ContentPart.Image(video.id(), drawn) : new ContentPart.Video(video.id(), drawn);
    }
}
