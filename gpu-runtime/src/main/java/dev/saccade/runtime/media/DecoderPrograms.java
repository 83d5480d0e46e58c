package dev.saccade.runtime.media;

import dev.saccade.runtime.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The programs ffmpeg and ffprobe: from the folder that the system property or environment variable
 * {@code SACCADE_FFMPEG} names, else unpacked from the class path.
 *
 * @param folder the folder that holds both, absolute
 * @param environment all variables that the programs get
 */
record DecoderPrograms(Path folder, Map<String, String> environment) {

    static final String FOLDER_SETTING = "SACCADE_FFMPEG";

    private static @Nullable DecoderPrograms shared;

    /**
     * Found, or unpacked, at the first call.
     *
     * @throws DeviceException where this machine has none
     */
    static synchronized DecoderPrograms shared() {
        DecoderPrograms programs = shared;
        if (programs == null) {
            String folder = System.getProperty(FOLDER_SETTING, System.getenv(FOLDER_SETTING));
            programs = folder == null || folder.isBlank() ? bundled() : in(Path.of(folder));
            shared = programs;
        }
        return programs;
    }

    Path ffmpeg() {
        return folder.resolve("ffmpeg");
    }

    Path ffprobe() {
        return folder.resolve("ffprobe");
    }

    static DecoderPrograms in(Path folder) {
        String libraryPath = System.getenv(BundledPrograms.LIBRARY_PATH);
        DecoderPrograms programs = new DecoderPrograms(
                folder.toAbsolutePath(),
                libraryPath == null ? Map.of() : Map.of(BundledPrograms.LIBRARY_PATH, libraryPath));
        if (!Files.isExecutable(programs.ffmpeg()) || !Files.isExecutable(programs.ffprobe())) {
            throw new DeviceException(
                    "decoder-missing",
                    "The folder that " + FOLDER_SETTING + " names lacks the programs ffmpeg and ffprobe.");
        }
        return programs;
    }

    private static DecoderPrograms bundled() {
        try {
            Path folder = BundledPrograms.unpack(platform());
            return new DecoderPrograms(folder, Map.of(BundledPrograms.LIBRARY_PATH, folder.toString()));
        } catch (IOException e) {
            throw new DeviceException(
                    "decoder-missing",
                    "The video decoder can't be unpacked on this machine; install ffmpeg and set " + FOLDER_SETTING
                            + " to the folder of the programs ffmpeg and ffprobe.",
                    e);
        }
    }

    /** The name that the libraries on the class path use, e.g. {@code linux-x86_64}. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch");
        String processor = switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm64";
            default -> machine;
        };
        return (system.startsWith("mac") ? "macosx" : "linux") + "-" + processor;
    }
}
