package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Mark;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts.Kind;
import java.nio.file.Path;
import java.util.List;

/** Turns images and videos into patches: reads a file, measures it, prepares it. Thread-safe. */
public final class MediaPipeline {

    /** The first with the number of frames that the container claims, the second with the true one. */
    private static final int DECODE_ATTEMPTS = 2;

    private final MediaLimits limits;
    private final PreprocessorBounds bounds;
    private final ContentDigests digests;
    private final MediaProbe probe;
    private final VideoDecoder decoder;

    public MediaPipeline(MediaLimits limits, PreprocessorBounds bounds) {
        this(limits, bounds, new VideoDecoder(limits));
    }

    MediaPipeline(MediaLimits limits, PreprocessorBounds bounds, VideoDecoder decoder) {
        this.limits = limits;
        this.bounds = bounds;
        digests = new ContentDigests(limits);
        probe = new MediaProbe(limits);
        this.decoder = decoder;
    }

    /**
     * Checks options without a file, so that a request can be refused before anything is decoded.
     *
     * @throws InvalidRequestException where an option is out of range or contradicts another
     */
    public static void check(VisionOptions options) {
        VisionChecks.check(options);
    }

    /**
     * Reads the file and computes its digest.
     *
     * @throws MediaException where it can't be read or is beyond a limit
     */
    public FileContent content(Part media) {
        return digests.of(file(media));
    }

    /**
     * Looks into the file without decoding it.
     *
     * @throws MediaException where the file is no media file or is beyond a limit
     * @throws InvalidRequestException where the options are out of range or do not fit the clip
     */
    public MeasuredMedia measure(Part media, VisionOptions options, FileContent content) {
        check(options);
        ClipFacts facts = require(media instanceof Part.Image ? Kind.IMAGE : Kind.VIDEO, probe.probe(file(media)));
        long bytes = switch (facts.kind()) {
            case IMAGE -> Patches.bytes(1, Sizes.image(facts.height(), facts.width(), options, bounds));
            case VIDEO -> {
                FrameSampling sampling = FrameSampling.choose(Math.toIntExact(facts.frames()), facts.fps(), options);
                yield ClipFrames.patchBytes(sampling, new Sizes.Size(facts.height(), facts.width()), options, bounds);
            }
        };
        checkMarks(marks(media), facts);
        return new MeasuredMedia(media, options, content, facts, bytes);
    }

    private static List<Mark> marks(Part media) {
        return media instanceof Part.Media shown ? shown.marks() : List.of();
    }

    private static void checkMarks(List<Mark> marks, ClipFacts facts) {
        double seconds = facts.fps() > 0 ? facts.frames() / facts.fps() : 0;
        Mark.check(marks, facts.width(), facts.height(), seconds, (pointer, detail) -> {
            throw new InvalidRequestException("invalid-mark", "marks" + pointer + ": " + detail);
        });
    }

    /**
     * Decodes, samples, resizes and normalises. Interrupting the thread stops the decoder.
     *
     * @throws MediaException where the file can't be decoded, is beyond a limit or changed meanwhile
     * @throws InvalidRequestException where the options do not fit the clip's true number of frames
     */
    public PreparedMedia prepare(MeasuredMedia measured) {
        PreparedMedia prepared = measured.facts().kind() == Kind.IMAGE ? image(measured) : video(measured);
        measured.content().requireUnchanged();
        return prepared;
    }

    private PreparedMedia image(MeasuredMedia measured) {
        ClipFacts facts = measured.facts();
        Sizes.Size size = Sizes.image(facts.height(), facts.width(), measured.options(), bounds);
        RgbFrame image = ImageFile.decode(file(measured.media()), facts.format(), limits);
        RgbFrame resized = ImageResize.apply(image, size);
        new MarkPainter(marks(measured.media()), image.size()).paint(resized, 0);
        Patches patches = new Patches(1, size, bounds);
        patches.put(0, resized);
        int tokens = patches.visualTokens();
        MediaUsed used = new MediaUsed("image", List.of(0), List.of(0.0), 0, size.height(), size.width(), tokens);
        MediaSummary summary = new MediaSummary(
                MediaKey.of(measured.content().sha256(), used, 0, false, marks(measured.media()), bounds),
                "image",
                patches.gridT(),
                patches.gridH(),
                patches.gridW(),
                0,
                used,
                List.of());
        return new PreparedMedia(summary, patches.values());
    }

    private PreparedMedia video(MeasuredMedia measured) {
        ClipFacts facts = measured.facts();
        int frames = Math.toIntExact(facts.frames());
        for (int attempt = 0; attempt < DECODE_ATTEMPTS; attempt++) {
            FrameSampling sampling = FrameSampling.choose(frames, facts.fps(), measured.options());
            try (FrameThreads threads = new FrameThreads()) {
                ClipFrames clip = new ClipFrames(
                        sampling, measured.options(), bounds, marks(measured.media()), facts.fps(), threads);
                int decoded = decoder.decode(file(measured.media()), clip.wanted(), clip);
                if (decoded == frames) {
                    threads.finish();
                    return clip.prepared(facts, decoded, measured.content().sha256());
                }
                // The container claims more or fewer frames than it decodes to: choose again from the true number.
                frames = decoded;
            }
        }
        throw new MediaException("media-unreadable", "The clip decodes differently each time; convert it again.");
    }

    private static Path file(Part media) {
        return switch (media) {
            case Part.Media shown -> shown.file();
            case Part.Text _ -> throw new IllegalArgumentException("text is no medium");
        };
    }

    private static ClipFacts require(Kind kind, ClipFacts facts) {
        if (facts.kind() != kind) {
            throw new MediaException(
                    "media-wrong-kind",
                    kind == Kind.IMAGE
                            ? "The file is a video; send it as a video, not as an image."
                            : "The file is an image; send it as an image, not as a video.");
        }
        return facts;
    }
}
