package dev.saccade.runtime.schedule;

import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.model.DecoderStep;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.text.MediaSpan;
import java.util.ArrayList;
import java.util.List;

/** The visual tokens of a prompt: encoded a few temporal groups at a time, kept until the prompt has been read. */
final class VisualTokens {

    private static final int PATCHES_PER_TOKEN = 4;

    private final List<PreparedMedia> waiting; // their patches are dropped as soon as they are encoded
    private final List<MediaSpan> spans;
    private final List<DeviceBuffer> embeddings = new ArrayList<>(); // one for each medium, (tokens, width)
    private final int width;
    private final int total;
    private int group; // of the first waiting medium
    private int encoded;

    /** @param width values of a visual token */
    VisualTokens(List<PreparedMedia> media, List<MediaSpan> spans, int width) {
        this.waiting = new ArrayList<>(media);
        this.spans = spans;
        this.width = width;
        this.total = media.stream().mapToInt(PreparedMedia::visualTokens).sum();
    }

    boolean complete() {
        return waiting.isEmpty();
    }

    /** Patches that are not encoded yet. */
    int patchesLeft() {
        return (total - encoded) * PATCHES_PER_TOKEN;
    }

    int encoded() {
        return encoded;
    }

    int total() {
        return total;
    }

    /** Encodes as many temporal groups of the next medium as the budget allows, at least one. */
    void encodeSome(VisionTower tower, Device device, int patchBudget) {
        PreparedMedia media = waiting.getFirst();
        int patches = media.gridH() * media.gridW();
        int values = patches / PATCHES_PER_TOKEN * width; // of one group
        if (group == 0) {
            embeddings.add(device.allocate(media.gridT() * values));
        }
        int groups = Math.clamp(patchBudget / patches, 1, media.gridT() - group);
        DeviceBuffer out = embeddings.getLast().view(group * values, groups * values);
        tower.encode(media.patches(), group, groups, media.gridH(), media.gridW(), out);
        group += groups;
        encoded += groups * patches / PATCHES_PER_TOKEN;
        if (group == media.gridT()) {
            waiting.removeFirst();
            group = 0;
        }
    }

    /** The visual tokens among the prompt's tokens [from, to), which become the step's rows from {@code row} on. */
    List<DecoderStep.VisualRows> rows(int from, int to, int row) {
        List<DecoderStep.VisualRows> rows = new ArrayList<>();
        for (MediaSpan span : spans) {
            int begin = Math.max(from, span.start());
            int end = Math.min(to, span.start() + span.count());
            if (begin < end) {
                DeviceBuffer source = embeddings.get(span.media());
                rows.add(new DecoderStep.VisualRows(source, begin - span.start(), row + begin - from, end - begin));
            }
        }
        return rows;
    }

    /** Frees what has been encoded. */
    void release() {
        waiting.clear();
        embeddings.clear();
    }
}
