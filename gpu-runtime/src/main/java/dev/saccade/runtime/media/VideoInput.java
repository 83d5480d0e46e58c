package dev.saccade.runtime.media;

import java.nio.file.Path;
import java.util.List;

/**
 * How a clip is given to ffprobe and ffmpeg: only a plain file, only these containers and codecs, so that playlists,
 * network addresses and rare decoders are out of reach whatever the file says.
 */
final class VideoInput {

    /** Video codecs that are read. */
    static final List<String> CODECS =
            List.of("h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg");

    /** Other decoders of the same codecs, and those of the sound, subtitles and covers that ffprobe also opens. */
    private static final List<String> COMPANIONS = List.of(
            "libdav1d",
            "libaom-av1",
            "libvpx",
            "libvpx-vp9",
            "aac",
            "mp3",
            "mp3float",
            "mp2",
            "mp2float",
            "opus",
            "vorbis",
            "flac",
            "alac",
            "ac3",
            "eac3",
            "amrnb",
            "amrwb",
            "pcm_u8",
            "pcm_s16le",
            "pcm_s16be",
            "pcm_s24le",
            "pcm_s24be",
            "pcm_s32le",
            "pcm_s32be",
            "pcm_f32le",
            "pcm_f32be",
            "pcm_alaw",
            "pcm_mulaw",
            "mov_text",
            "subrip",
            "srt",
            "ass",
            "ssa",
            "webvtt",
            "png");

    /** The first video stream that is no cover picture. */
    static final String STREAM = "V:0";

    static List<String> confinement() {
        return List.of(
                "-protocol_whitelist",
                "file",
                "-format_whitelist",
                "mov,mp4,matroska,webm",
                "-codec_whitelist",
                String.join(",", CODECS) + "," + String.join(",", COMPANIONS));
    }

    /** An address that no name can turn into an option or another protocol. */
    static String address(Path file) {
        return "file:" + file.toAbsolutePath();
    }

    private VideoInput() {}
}
