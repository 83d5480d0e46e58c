package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Mark;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.VisionOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a clip's frames as they are decoded; resizes each at once, so that only patches are kept. One clip, once. */
final class ClipFrames implements VideoDecoder.FrameSink {

    /** Most pixels of all frames of a clip after resizing: 1.2 GB of patches. */
    private static final long MAX_CLIP_PIXELS = 128_000L * Sizes.CELL * Sizes.CELL;

    /** From here on t = trunc(i * 2 / fps * 2) is the same for many neighbouring groups. */
    private static final double SHARED_POSITION_FPS = 5;

    /** Below this share of the container's frames, the missing ones are worth a warning. */
    private static final double EXPECTED_SHARE = 0.98;

    private final FrameThreads threads;
    private final FrameSampling sampling;
    private final VisionOptions options;
    private final PreprocessorBounds bounds;
    private final List<Mark> marks;
    private final double fps;
    private @Nullable VideoResize resize;
    private @Nullable Patches patches;
    private int taken;

    /**
     * @param marks drawn on the frames
     * @param fps the clip's own frames a second
     * @param threads resize frames; have to be finished before the clip is
     */
    ClipFrames(
            FrameSampling sampling,
            VisionOptions options,
            PreprocessorBounds bounds,
            List<Mark> marks,
            double fps,
            FrameThreads threads) {
        this.marks = marks;
        this.fps = fps;
        this.threads = threads;
        this.sampling = sampling;
        this.options = options;
        this.bounds = bounds;
    }

    List<Integer> wanted() {
        return sampling.indices();
    }

    /** Memory that the patches of a clip of frames of this size take. */
    static long patchBytes(FrameSampling sampling, Sizes.Size frame, VisionOptions options, PreprocessorBounds bounds) {
        int frames = sampling.indices().size();
        Sizes.Size size = targetSize(frames, frame, options, bounds);
        return Patches.bytes(frames, new Sizes.Size(size.height() + borderHeight(options), size.width()));
    }

    private static int borderHeight(VisionOptions options) {
        return options.timestamps() ? TimestampBorder.HEIGHT : 0;
    }

    /** Resizes the frame, on another thread perhaps; the first one decides on the size of all. */
    @Override
    public void accept(int order, RgbFrame frame) {
        if (order >= wanted().size()) {
            throw new MediaException("media-unreadable", "The clip can't be decoded; convert it to MP4 with H.264.");
        }
        if (resize == null || !resize.source().equals(frame.size())) {
            resize = new VideoResize(
                    frame.size(),
                    resize == null ? targetSize(wanted().size(), frame.size(), options, bounds) : resize.target());
        }
        if (patches == null) {
            Sizes.Size size = resize.target();
            patches = new Patches(
                    wanted().size(), new Sizes.Size(size.height() + borderHeight(options), size.width()), bounds);
        }
        VideoResize toTarget = resize;
        Patches place = patches;
        MarkPainter painter = new MarkPainter(marks, toTarget.source());
        threads.run(() -> {
            RgbFrame resized = toTarget.apply(frame);
            painter.paint(resized, wanted().get(order) / fps);
            place.put(order, resized, border(resized.width(), order));
        });
        taken++;
    }

    private @Nullable RgbFrame border(int width, int order) {
        return options.timestamps() ? TimestampBorder.of(width, order, order / sampling.sampledFps()) : null;
    }

    private static Sizes.Size targetSize(
            int frames, Sizes.Size frame, VisionOptions options, PreprocessorBounds bounds) {
        VisionOptions sized = options.totalPixels() == null ? withCosmosBudget(options) : options;
        Sizes.Size size = Sizes.video(frames, frame.height(), frame.width(), sized, bounds);
        long pixels = frames * (long) (size.height() + borderHeight(options)) * size.width();
        if (pixels > MAX_CLIP_PIXELS) {
            throw new InvalidRequestException(
                    "vision-budget-exceeded",
                    "The clip's %d frames of %d x %d would have %d pixels in all; at most %d are accepted. Ask for fewer or smaller frames."
                            .formatted(frames, size.width(), size.height(), pixels, MAX_CLIP_PIXELS));
        }
        return size;
    }

    private static VisionOptions withCosmosBudget(VisionOptions options) {
        return new VisionOptions(
                options.fps(),
                options.nframes(),
                options.minFrames(),
                options.maxFrames(),
                options.minPixels(),
                options.maxPixels(),
                Sizes.COSMOS_TOTAL_PIXELS,
                options.resizedHeight(),
                options.resizedWidth(),
                options.videoStart(),
                options.videoEnd(),
                options.timestamps());
    }

    /**
     * The clip, once all wanted frames came.
     *
     * @param content SHA-256 of the file
     */
    PreparedMedia prepared(ClipFacts facts, int decoded, String content) {
        if (patches == null || taken < wanted().size()) {
            throw new MediaException("media-unreadable", "The clip can't be decoded; convert it to MP4 with H.264.");
        }
        List<Double> seconds =
                wanted().stream().map(index -> index / facts.fps()).toList();
        MediaUsed used = new MediaUsed(
                "video",
                wanted(),
                seconds,
                sampling.sampledFps(),
                patches.gridH() * Patches.SIDE,
                patches.gridW() * Patches.SIDE,
                patches.visualTokens());
        double secondsPerGrid = 2 / sampling.sampledFps();
        MediaSummary summary = new MediaSummary(
                MediaKey.of(content, used, secondsPerGrid, options.timestamps(), marks, bounds),
                "video",
                patches.gridT(),
                patches.gridH(),
                patches.gridW(),
                secondsPerGrid,
                used,
                warnings(facts, decoded));
        return new PreparedMedia(summary, patches.values());
    }

    private List<String> warnings(ClipFacts facts, int decoded) {
        List<String> warnings = new ArrayList<>();
        if (sampling.sampledFps() >= SHARED_POSITION_FPS) {
            warnings.add(
                    ("At %.2f sampled frames a second neighbouring pairs of frames share a time position in the model;"
                                    + " ask for 4 to keep them apart.")
                            .formatted(sampling.sampledFps()));
        }
        if (decoded < facts.frames() * EXPECTED_SHARE) {
            warnings.add("Only %d of the clip's %d frames can be decoded; the answer is about those."
                    .formatted(decoded, facts.frames()));
        }
        return warnings;
    }
}
