package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.text.MediaSpan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The visual tokens of a request's prompt, for all its answers: which clips they come from, which of them are needed, and how
 * far they are encoded. Clips are shared with other requests, so that they can become complete without any work here. Engine
 * thread only.
 */
final class VisualTokens {

    static final int PATCHES_PER_TOKEN = 4;

    /** Gets back what the cache gave up, and takes back what is no longer needed. */
    interface Pixels {

        /** For a prompt without media. */
        Pixels NONE = new Pixels() {
            @Override
            public void wanted(int media) {
                throw new IllegalArgumentException("the prompt has no media");
            }

            @Override
            public void freed(long bytes) {}
        };

        /** Begins to decode the request's clip at this place again; soon it has its pixels, or the request fails. */
        void wanted(int media);

        /** So many bytes of pixels are no longer in memory. */
        void freed(long bytes);
    }

    private final VisionCache cache;
    private final List<Clip> clips; // one for each image and video, in prompt order
    private final List<MediaSpan> spans;
    private final Pixels pixels;
    private final Set<Clip> placed = new HashSet<>();
    private int needed = Integer.MAX_VALUE; // first token of the prompt whose visual tokens are needed

    VisualTokens(VisionCache cache, List<Clip> clips, List<MediaSpan> spans, Pixels pixels) {
        this.cache = cache;
        this.clips = List.copyOf(clips);
        this.spans = List.copyOf(spans);
        this.pixels = pixels;
    }

    /**
     * The prompt will be read from a token on, because those before it are in the key-value cache: takes places for the clips
     * that this needs, and has those decoded again whose pixels are gone. To be asked each time a sequence is let in.
     *
     * @param alone nobody else runs; then there is always room
     * @return false where there is no room until others end
     */
    boolean needFrom(int token, boolean alone) {
        int from = Math.min(needed, token);
        List<Clip> wanted = new ArrayList<>();
        for (MediaSpan span : spans) {
            if (span.start() + span.count() > from) {
                wanted.add(clips.get(span.media()));
            }
        }
        if (!cache.place(wanted, alone, placed)) {
            return false;
        }
        needed = from;
        for (MediaSpan span : spans) {
            if (isNeeded(span) && cache.empty(clips.get(span.media()))) {
                pixels.wanted(span.media());
            }
        }
        return true;
    }

    private boolean isNeeded(MediaSpan span) {
        return span.start() + span.count() > needed;
    }

    /** Whether all clips that are needed are encoded. */
    boolean complete() {
        for (MediaSpan span : spans) {
            if (isNeeded(span) && !clips.get(span.media()).encoded()) {
                return false;
            }
        }
        return true;
    }

    /** Patches of needed clips that can be encoded now; 0 while a decoder is still at work on those that are missing. */
    int patchesLeft() {
        int left = 0;
        for (MediaSpan span : spans) {
            Clip clip = clips.get(span.media());
            if (isNeeded(span) && !cache.empty(clip)) {
                left += (clip.summary.gridT() - clip.groups) * groupPatches(clip);
            }
        }
        return left;
    }

    /** Visual tokens that are there. */
    int encoded() {
        int encoded = 0;
        for (Clip clip : clips) {
            encoded += clip.groups * groupPatches(clip) / PATCHES_PER_TOKEN;
        }
        return encoded;
    }

    int total() {
        int total = 0;
        for (Clip clip : clips) {
            total += clip.summary.visualTokens();
        }
        return total;
    }

    /** Encodes as many temporal groups of the next clip that has its pixels as the budget allows, at least one. */
    void encodeSome(VisionTower tower, Device device, int patchBudget) {
        for (MediaSpan span : spans) {
            Clip clip = clips.get(span.media());
            if (isNeeded(span) && !clip.encoded() && !cache.empty(clip)) {
                int left = clip.summary.gridT() - clip.groups;
                int groups = Math.clamp(patchBudget / groupPatches(clip), 1, left);
                long freed = cache.encode(clip, tower, device, groups);
                if (freed > 0) {
                    pixels.freed(freed);
                }
                return;
            }
        }
    }

    private static int groupPatches(Clip clip) {
        return clip.summary.gridH() * clip.summary.gridW();
    }

    /** The visual tokens among the prompt's tokens [from, to), which become the step's rows from {@code row} on. */
    List<DecoderStep.VisualRows> rows(int from, int to, int row) {
        List<DecoderStep.VisualRows> rows = new ArrayList<>();
        for (MediaSpan span : spans) {
            int begin = Math.max(from, span.start());
            int end = Math.min(to, span.start() + span.count());
            if (begin < end) {
                rows.add(new DecoderStep.VisualRows(
                        Objects.requireNonNull(clips.get(span.media()).tokens, "the clip is not encoded"),
                        begin - span.start(),
                        row + begin - from,
                        end - begin));
            }
        }
        return rows;
    }

    /** Whether the clip has a place of this request's. */
    boolean placed(Clip clip) {
        return placed.contains(clip);
    }
}
