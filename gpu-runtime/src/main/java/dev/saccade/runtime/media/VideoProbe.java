package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.media.ClipFacts.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks ffprobe for a clip's facts. It reads every packet, so that what the container claims can be checked. */
final class VideoProbe {

    private static final int MAX_REPORT_BYTES = 1 << 20;

    private final MediaLimits limits;

    VideoProbe(MediaLimits limits) {
        this.limits = limits;
    }

    ClipFacts probe(Path file, String format) {
        JsonNode report = report(file);
        JsonNode stream = report.path("streams").path(0);
        if (stream.isMissingNode()) {
            throw new MediaException("media-no-video", "The file has no video; send a clip with a picture.");
        }
        String codec = stream.path("codec_name").asString("");
        if (!VideoInput.CODECS.contains(codec)) {
            throw new MediaException(
                    "media-codec", "The clip's video codec is not supported; convert it to H.264, H.265, VP9 or AV1.");
        }
        int width = stream.path("width").asInt(0);
        int height = stream.path("height").asInt(0);
        MediaRules.requireResolution(width, height, limits);
        long packets = stream.path("nb_read_packets").asLong(0);
        if (packets < stream.path("nb_frames").asLong(0)) {
            throw Containers.truncated(); // the index lists more than the file holds
        }
        if (packets == 0) {
            throw damaged(null);
        }
        MediaRules.requireFrames(packets, limits);
        double stated = seconds(stream, seconds(report.path("format"), 0));
        MediaRules.requireDuration(stated, limits);
        double fps = frameRate(stream, packets, stated);
        MediaRules.requireFrameRate(fps);
        MediaRules.requireDuration(packets / fps, limits);
        return new ClipFacts(
                Kind.VIDEO, format, codec, width, height, stated > 0 ? stated : packets / fps, fps, packets);
    }

    private JsonNode report(Path file) {
        DecoderPrograms programs = DecoderPrograms.shared();
        List<String> arguments = new ArrayList<>(List.of("-v", "quiet", "-hide_banner"));
        arguments.addAll(VideoInput.confinement());
        arguments.addAll(List.of(
                "-select_streams",
                VideoInput.STREAM,
                "-count_packets",
                "-show_entries",
                "stream=codec_name,width,height,avg_frame_rate,r_frame_rate,duration,nb_frames,nb_read_packets"
                        + ":format=duration",
                "-of",
                "json",
                VideoInput.address(file)));
        try (DecoderProcess process =
                DecoderProcess.start(programs.ffprobe(), arguments, programs, processLimits(), _ -> {})) {
            byte[] report = readAll(process);
            if (process.finish() != 0) {
                throw damaged(null);
            }
            return JsonMapper.shared().readTree(report);
        } catch (JacksonException e) {
            throw damaged(e);
        }
    }

    private DecoderProcess.Limits processLimits() {
        return new DecoderProcess.Limits(limits.probeTimeout(), DecoderProcess.STALL, limits.childMemoryBytes());
    }

    private static byte[] readAll(DecoderProcess process) {
        try {
            return process.output().readNBytes(MAX_REPORT_BYTES);
        } catch (IOException e) {
            process.finish(); // says why, where it was killed
            throw damaged(e);
        }
    }

    private static double seconds(JsonNode node, double otherwise) {
        double seconds = number(node.path("duration").asString(""));
        return seconds > 0 ? seconds : otherwise;
    }

    /** The average, as the reference decoder reports it; else what the container or its length implies. */
    private static double frameRate(JsonNode stream, long packets, double duration) {
        double average = number(stream.path("avg_frame_rate").asString(""));
        if (average > 0) {
            return average;
        }
        return duration > 0
                ? packets / duration
                : number(stream.path("r_frame_rate").asString(""));
    }

    /** A number or a fraction; NaN for anything else, which no comparison accepts. */
    private static double number(String text) {
        int slash = text.indexOf('/');
        try {
            return slash < 0
                    ? Double.parseDouble(text)
                    : Double.parseDouble(text.substring(0, slash)) / Double.parseDouble(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static MediaException damaged(@Nullable Throwable cause) {
        String message = "The clip can't be read; it is damaged or of a rare kind. Convert it to MP4 with H.264.";
        return cause == null
                ? new MediaException("media-unreadable", message)
                : new MediaException("media-unreadable", message, cause);
    }
}
