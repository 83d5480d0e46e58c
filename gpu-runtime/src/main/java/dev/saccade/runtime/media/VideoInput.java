package dev.saccade.runtime.media;

import java.nio.file.Path;
import java.util.List;

/**
 * How a clip is given to ffprobe and ffmpeg: only a plain file, only these containers and codecs, so that playlists,
 * network addresses and rare decoders are out of reach whatever the file says.
 */
final class VideoInput {

    /** Names of decoders, as {@code codec_name} and as programs list them. */
    static final List<String> CODECS = List.of(
            "h264",
            "hevc",
            "vp8",
            "vp9",
            "av1",
            "libdav1d",
            "libaom-av1",
            "libvpx",
            "libvpx-vp9",
            "mpeg4",
            "mpeg2video",
            "mpeg1video",
            "mjpeg");

    /** The first video stream that is no cover picture. */
    static final String STREAM = "V:0";

    static List<String> confinement() {
        return List.of(
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                "mov,mp4,matroska,webm",
                "-codec_whitelist",
                String.join(",", CODECS));
    }

    /** An address that no name can turn into an option or another protocol. */
    static String address(Path file) {
        return "file:" + file.toAbsolutePath();
    }

    private VideoInput() {}
}
