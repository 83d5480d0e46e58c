package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a clip in a child process and takes some of its frames. ffmpeg writes two outputs: one that drops everything
 * and only counts the decoded frames (its progress report), one with the wanted frames as PPM pictures, whose headers
 * state their size. Frames are numbered as they are decoded: none is duplicated, dropped or rotated. Colours are
 * converted by the scaler with its default flags, which gives the reference decoder's pixels.
 */
final class VideoDecoder {

    private final MediaLimits limits;
    private final Supplier<DecoderPrograms> programs;
    private final Duration stall;

    VideoDecoder(MediaLimits limits) {
        this(limits, DecoderPrograms::shared, DecoderProcess.STALL);
    }

    /** @param stall longest time without a decoded frame */
    VideoDecoder(MediaLimits limits, Supplier<DecoderPrograms> programs, Duration stall) {
        this.limits = limits;
        this.programs = programs;
        this.stall = stall;
    }

    /** Gets the wanted frames, in ascending order. */
    interface FrameSink {
        /** Takes a frame; {@code order} is its position in the list of wanted frames. */
        void accept(int order, RgbFrame frame);
    }

    /**
     * Decodes the whole clip.
     *
     * @param wanted numbers of the frames to take, ascending, without repetition; those beyond the end never come
     * @return frames that the clip has
     */
    int decode(Path file, List<Integer> wanted, FrameSink sink) {
        DecoderPrograms programs = this.programs.get();
        Progress progress = new Progress(limits.maxDecodedFrames());
        try (DecoderProcess process = DecoderProcess.start(
                programs.ffmpeg(),
                arguments(file, wanted),
                programs,
                new DecoderProcess.Limits(limits.decodeTimeout(), stall, limits.childMemoryBytes()),
                progress)) {
            progress.process.complete(process);
            readFrames(process, sink);
            int status = process.finish();
            MediaRules.requireFrames(progress.frames, limits);
            if (status != 0 || progress.frames == 0) {
                throw damaged(null);
            }
            return progress.frames;
        }
    }

    private static List<String> arguments(Path file, List<Integer> wanted) {
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-hide_banner", "-v", "quiet"));
        arguments.addAll(List.of("-progress", "pipe:2"));
        arguments.addAll(VideoInput.confinement());
        arguments.addAll(List.of("-threads", "2", "-noautorotate", "-i", VideoInput.address(file)));
        arguments.addAll(List.of("-map", "0:" + VideoInput.STREAM, "-fps_mode", "passthrough", "-f", "null", "-"));
        String select = wanted.stream().map(n -> "eq(n," + n + ")").collect(Collectors.joining("+"));
        arguments.addAll(List.of("-map", "0:" + VideoInput.STREAM, "-vf", "select='" + select + "'"));
        arguments.addAll(List.of("-fps_mode", "passthrough", "-pix_fmt", "rgb24"));
        arguments.addAll(List.of("-c:v", "ppm", "-f", "image2pipe", "pipe:1"));
        return arguments;
    }

    private void readFrames(DecoderProcess process, FrameSink sink) {
        try (BufferedInputStream pictures = new BufferedInputStream(process.output())) {
            int order = 0;
            for (RgbFrame frame = PpmReader.next(pictures, limits);
                    frame != null;
                    frame = PpmReader.next(pictures, limits)) {
                process.moved();
                sink.accept(order++, frame);
            }
        } catch (IOException e) {
            // Its output also ends in mid-picture when it was killed: then say why.
            process.finish();
            throw damaged(e);
        }
    }

    private static MediaException damaged(@Nullable Throwable cause) {
        String message = "The clip can't be decoded; it is damaged. Convert it again, to MP4 with H.264.";
        return cause == null
                ? new MediaException("media-unreadable", message)
                : new MediaException("media-unreadable", message, cause);
    }

    /** Follows ffmpeg's progress report: lines of {@code key=value}, about two reports a second. */
    private static final class Progress implements Consumer<String> {

        private static final String FRAMES = "frame=";

        private final CompletableFuture<DecoderProcess> process = new CompletableFuture<>();
        private final int limit;
        private volatile int frames;

        private Progress(int limit) {
            this.limit = limit;
        }

        @Override
        public void accept(String line) {
            if (!line.startsWith(FRAMES)) {
                return;
            }
            int now = Integer.parseInt(line.substring(FRAMES.length()).strip());
            if (now > frames) {
                frames = now;
                process.join().moved();
            }
            if (now > limit) {
                process.join().stop();
            }
        }
    }
}
