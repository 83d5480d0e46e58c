package dev.saccade.quickstart.runs;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Files that are clips or images, by their names. */
public final class MediaFiles {

    private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png");
    private static final Set<String> VIDEOS = Set.of("mp4", "m4v", "mov", "mkv", "webm");

    private MediaFiles() {}

    public static boolean isImage(Path file) {
        return IMAGES.contains(ending(file));
    }

    public static boolean isMedia(Path file) {
        return isImage(file) || VIDEOS.contains(ending(file));
    }

    private static String ending(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
