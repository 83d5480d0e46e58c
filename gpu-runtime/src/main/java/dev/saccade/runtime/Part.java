package dev.saccade.runtime;

import dev.saccade.runtime.media.MediaProbe;
import java.nio.file.Path;
import java.util.List;

/** One piece of a message, in the order in which the model reads it. */
public sealed interface Part {

    /**
     * An image or a video, whichever the file is by its first bytes.
     *
     * @throws MediaException where there is no such file, or it is neither
     */
    static Part of(Path media) {
        return switch (MediaProbe.kind(media)) {
            case IMAGE -> new Image(media);
            case VIDEO -> new Video(media);
        };
    }

    /** Plain text. Special tokens that occur in it are ordinary characters. */
    record Text(String text) implements Part {}

    /** What there is to see. */
    sealed interface Media extends Part {

        Path file();

        /** Drawn on its frames. */
        List<Mark> marks();
    }

    /**
     * A still image (JPEG or PNG).
     *
     * @param marks drawn on it, each of one frame without a time
     */
    record Image(Path file, List<Mark> marks) implements Media {

        public Image {
            marks = List.copyOf(marks);
        }

        public Image(Path file) {
            this(file, List.of());
        }
    }

    /**
     * A video clip.
     *
     * @param marks drawn on its frames
     */
    record Video(Path file, List<Mark> marks) implements Media {

        public Video {
            marks = List.copyOf(marks);
        }

        public Video(Path file) {
            this(file, List.of());
        }
    }
}
