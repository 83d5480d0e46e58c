package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts.Kind;
import java.nio.file.Path;
import java.util.List;

/** Turns images and videos into patches. A function of its input; thread-safe. */
public final class MediaPipeline {

    /** The first with the number of frames that the container claims, the second with the true one. */
    private static final int DECODE_ATTEMPTS = 2;

    private final MediaLimits limits;
    private final PreprocessorBounds bounds;
    private final MediaProbe probe;
    private final VideoDecoder decoder;

    public MediaPipeline(MediaLimits limits, PreprocessorBounds bounds) {
        this.limits = limits;
        this.bounds = bounds;
        probe = new MediaProbe(limits);
        decoder = new VideoDecoder(limits);
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
     * Decodes, samples, resizes and normalises. Interrupting the thread stops the decoder.
     *
     * @param media an image or a video
     * @throws MediaException where the file can't be read or is beyond a limit
     * @throws InvalidRequestException where the options are out of range or do not fit the clip
     */
    public PreparedMedia prepare(Part media, VisionOptions options) {
        check(options);
        return switch (media) {
            case Part.Image(Path file) -> image(file, options);
            case Part.Video(Path file) -> video(file, options);
            case Part.Text _ -> throw new IllegalArgumentException("text is no medium");
        };
    }

    private PreparedMedia image(Path file, VisionOptions options) {
        ClipFacts facts = require(Kind.IMAGE, probe.probe(file));
        Sizes.Size size = Sizes.image(facts.height(), facts.width(), options, bounds);
        RgbFrame image = ImageResize.apply(ImageFile.decode(file, facts.format(), limits), size);
        Patches patches = new Patches(1, size, bounds);
        patches.put(0, image);
        int tokens = patches.visualTokens();
        MediaUsed used = new MediaUsed("image", List.of(0), List.of(0.0), 0, size.height(), size.width(), tokens);
        return new PreparedMedia(
                "image", patches.values(), patches.gridT(), patches.gridH(), patches.gridW(), 0, used, List.of());
    }

    private PreparedMedia video(Path file, VisionOptions options) {
        ClipFacts facts = require(Kind.VIDEO, probe.probe(file));
        int frames = Math.toIntExact(facts.frames());
        for (int attempt = 0; attempt < DECODE_ATTEMPTS; attempt++) {
            ClipFrames clip = new ClipFrames(FrameSampling.choose(frames, facts.fps(), options), options, bounds);
            int decoded = decoder.decode(file, clip.wanted(), clip);
            if (decoded == frames) {
                return clip.prepared(facts, decoded);
            }
            // The container claims more or fewer frames than it decodes to: choose again from the true number.
            frames = decoded;
        }
        throw new MediaException("media-unreadable", "The clip decodes differently each time; convert it again.");
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
