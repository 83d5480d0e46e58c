package dev.saccade.runtime.schedule;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.media.MediaKey;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.model.VisionTower;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Visual tokens of clips, shared by all requests that show them and kept for later ones, within a budget of bytes. Those
 * that nobody holds go first, the least recently used of them before others. What goes is decoded and encoded again when it
 * is needed again. Thread-safe; never calls out while it holds its lock.
 */
final class VisionCache {

    private final long budget;
    private final int width;
    private final Map<MediaKey, Clip> clips = new LinkedHashMap<>(); // the least recently used first
    private long placedBytes;
    private long queries;
    private long hits;
    private long encodedPatches;

    /**
     * @param budget bytes of visual tokens
     * @param width values of a visual token
     */
    VisionCache(long budget, int width) {
        this.budget = budget;
        this.width = width;
    }

    /** @throws InvalidRequestException where a request's media can't be held all at once, however long it waits */
    void requireRoom(Collection<MediaSummary> media) {
        Map<MediaKey, Long> distinct = new LinkedHashMap<>();
        media.forEach(one -> distinct.put(one.key(), bytes(one)));
        long needed = distinct.values().stream().mapToLong(Long::longValue).sum();
        if (needed > budget) {
            throw new InvalidRequestException(
                    "media-too-large",
                    "The request's images and videos become " + needed + " bytes of visual tokens, but this engine"
                            + " holds at most " + budget + "; use fewer or smaller frames.");
        }
    }

    private long bytes(MediaSummary media) {
        return (long) media.visualTokens() * width * Float.BYTES;
    }

    /** An open request shows this clip; {@link #letGo} is the end of it. */
    synchronized Clip hold(MediaSummary media) {
        Clip clip = clips.remove(media.key());
        queries++;
        if (clip == null) {
            clip = new Clip(media, width);
        } else {
            hits++;
        }
        clips.put(media.key(), clip);
        clip.holders++;
        return clip;
    }

    /**
     * A request that showed this clip has ended.
     *
     * @param used whether {@link #place} gave it a place for that request
     * @return bytes of pixels that nobody needs any more
     */
    synchronized long letGo(Clip clip, boolean used) {
        clip.holders--;
        clip.users -= used ? 1 : 0;
        if (clip.holders > 0) {
            return 0;
        }
        long freed = dropPatches(clip);
        if (!clip.encoded()) {
            displace(clip);
        }
        forgetIfEmpty(clip);
        return freed;
    }

    /** Takes the pixels of a clip; false where it has them already, or no longer needs them. */
    synchronized boolean offer(Clip clip, float[] patches) {
        if (clip.holders == 0 || clip.encoded() || clip.patches != null) {
            return false;
        }
        clip.patches = patches;
        return true;
    }

    /** Whether a clip has neither visual tokens nor the pixels for them. */
    synchronized boolean empty(Clip clip) {
        return !clip.encoded() && clip.patches == null;
    }

    /**
     * Drops pixels of clips whose requests have not been let in, for the sake of one that has; they are decoded again later.
     *
     * @return bytes that became free
     */
    synchronized long dropPatchesOfWaiting(long wanted) {
        long freed = 0;
        for (Clip clip : clips.values()) {
            if (freed >= wanted) {
                break;
            }
            if (clip.users == 0) {
                freed += dropPatches(clip);
            }
        }
        return freed;
    }

    private static long dropPatches(Clip clip) {
        long freed = clip.patchBytes();
        clip.patches = null;
        return freed;
    }

    /**
     * Gives clips a place in the budget, all or none; others that nobody uses leave. Engine thread.
     *
     * @param alone nobody else runs, so that no place is anybody else's
     * @param begun those that have been counted as this request's; grows
     */
    synchronized boolean place(List<Clip> needed, boolean alone, Set<Clip> begun) {
        long missing = placedBytes - budget;
        for (Clip clip : new HashSet<>(needed)) {
            missing += clip.placed ? 0 : clip.bytes;
        }
        List<Clip> leaving = leaving(missing, alone, new HashSet<>(needed));
        long freed = leaving.stream().mapToLong(clip -> clip.bytes).sum();
        if (freed < missing) {
            return false;
        }
        leaving.forEach(this::displace);
        leaving.forEach(this::forgetIfEmpty);
        for (Clip clip : needed) {
            placedBytes += clip.placed ? 0 : clip.bytes;
            clip.placed = true;
            clip.users += begun.add(clip) ? 1 : 0;
        }
        return true;
    }

    /** Who goes for {@code missing} bytes: first those that nobody holds, then those of requests that wait. */
    private List<Clip> leaving(long missing, boolean alone, Set<Clip> needed) {
        List<Clip> leaving = new ArrayList<>();
        long freed = 0;
        for (int round = 0; round < (alone ? 3 : 2); round++) {
            for (Clip clip : clips.values()) {
                int place = clip.users > 0 ? 2 : clip.holders > 0 ? 1 : 0;
                if (freed < missing && clip.placed && place == round && !needed.contains(clip)) {
                    leaving.add(clip);
                    freed += clip.bytes;
                }
            }
        }
        return leaving;
    }

    private void displace(Clip clip) {
        placedBytes -= clip.placed ? clip.bytes : 0;
        clip.placed = false;
        clip.tokens = null;
        clip.groups = 0;
    }

    private void forgetIfEmpty(Clip clip) {
        if (clip.holders == 0 && !clip.placed) {
            clips.remove(clip.summary.key(), clip);
        }
    }

    /**
     * Encodes some temporal groups of a clip that has its pixels and a place. Engine thread.
     *
     * @return bytes of pixels that are no longer needed, 0 before the clip's end
     */
    long encode(Clip clip, VisionTower tower, Device device, int groups) {
        int gridH = clip.summary.gridH();
        int gridW = clip.summary.gridW();
        int values = gridH * gridW / VisualTokens.PATCHES_PER_TOKEN * width; // of one group
        float[] patches;
        DeviceBuffer tokens;
        synchronized (this) {
            patches = clip.patches;
            tokens = clip.tokens != null ? clip.tokens : device.allocate(clip.summary.gridT() * values);
            clip.tokens = tokens;
        }
        if (patches == null) {
            throw new IllegalStateException("a clip without pixels can't be encoded");
        }
        tower.encode(patches, clip.groups, groups, gridH, gridW, tokens.view(clip.groups * values, groups * values));
        synchronized (this) {
            clip.groups += groups;
            encodedPatches += (long) groups * gridH * gridW;
            return clip.encoded() ? dropPatches(clip) : 0;
        }
    }

    /** Adds its figures to a snapshot. */
    synchronized void report(MediaFigures status) {
        status.queries = queries;
        status.hits = hits;
        status.encodedPatches = encodedPatches;
        status.visionCacheBytes = placedBytes;
        status.visionCacheLimitBytes = budget;
    }
}
