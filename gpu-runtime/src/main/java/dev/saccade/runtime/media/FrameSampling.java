package dev.saccade.runtime.media;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.VisionOptions;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which frames of a clip the model sees. The rules are those of qwen-vl-utils, which the published model was trained
 * with; other engines round or end differently.
 *
 * @param indices frame numbers in the decoded clip, ascending, an even number of them
 * @param sampledFps sampled frames for each second of the part that is looked at
 */
record FrameSampling(List<Integer> indices, double sampledFps) {

    static final double DEFAULT_FPS = 4;
    static final int DEFAULT_MIN_FRAMES = 4;
    static final int MAX_FRAMES = 768;

    FrameSampling {
        indices = List.copyOf(indices);
    }

    /**
     * Chooses frames.
     *
     * @param total frames that the clip decodes to
     * @param videoFps the clip's average frames a second
     */
    static FrameSampling choose(int total, double videoFps, VisionOptions options) {
        if (total < 2 || !(videoFps > 0)) {
            throw new MediaException(
                    "media-too-short",
                    "The clip has " + total + (total == 1 ? " frame" : " frames")
                            + "; a video needs at least 2. Send a single picture as an image.");
        }
        int start = startFrame(total, videoFps, options.videoStart());
        int end = endFrame(total, videoFps, options.videoEnd());
        if (options.videoStart() != null || options.videoEnd() != null) {
            requireOrder(start, end, total / videoFps);
        }
        int range = end - start + 1;
        int count = options.nframes() == null
                ? countAtFps(range, videoFps, options)
                : 2 * Math.toIntExact((long) Math.rint(options.nframes() / 2.0));
        if (count < 2 || count > range) {
            throw new InvalidRequestException(
                    "frames-out-of-range",
                    "The part of the clip that is looked at has " + range + " frames and " + count
                            + " were asked for; ask for 2 to " + range + ".");
        }
        return new FrameSampling(evenlySpaced(start, end, count), (double) count / range * videoFps);
    }

    private static int countAtFps(int range, double videoFps, VisionOptions options) {
        double fps = options.fps() == null ? DEFAULT_FPS : options.fps();
        int least = options.minFrames() == null ? DEFAULT_MIN_FRAMES : options.minFrames();
        int most = options.maxFrames() == null ? Math.min(MAX_FRAMES, range) : options.maxFrames();
        double count = range / videoFps * fps;
        count = Math.max(count, 2.0 * Math.ceilDiv(least, 2));
        count = Math.min(count, 2.0 * Math.floorDiv(most, 2));
        return 2 * (int) Math.floor(Math.min(count, range) / 2);
    }

    private static int startFrame(int total, double videoFps, @Nullable Double videoStart) {
        return videoStart == null ? 0 : (int) Math.ceil(Math.clamp(videoStart, 0, total / videoFps) * videoFps);
    }

    private static int endFrame(int total, double videoFps, @Nullable Double videoEnd) {
        return videoEnd == null
                ? total - 1
                : (int) Math.min(Math.floor(Math.clamp(videoEnd, 0, total / videoFps) * videoFps), total - 1);
    }

    private static void requireOrder(int start, int end, double duration) {
        if (start >= end) {
            throw new InvalidRequestException(
                    "video-range-empty",
                    "Fewer than two frames lie between video_start and video_end; the clip is %.2f s long."
                            .formatted(duration));
        }
    }

    /** PyTorch's linspace in float32: the first half counts from the start, the second from the end. */
    private static List<Integer> evenlySpaced(int start, int end, int count) {
        float step = (float) (end - start) / (count - 1);
        return IntStream.range(0, count)
                .map(i -> (int) Math.rint(i < count / 2 ? start + step * i : end - step * (count - i - 1)))
                .boxed()
                .toList();
    }
}
