package dev.saccade.runtime;

import java.nio.file.Path;
import java.util.List;

/** One piece of a message, in the order in which the model reads it. */
public sealed interface Part {

    /** Plain text. Special tokens that occur in it are ordinary characters. */
    record Text(String text) implements Part {}

    /** A still image (JPEG or PNG). */
    record Image(Path file) implements Part {}

    /**
     * A video clip.
     *
     * @param marks drawn on its frames
     */
    record Video(Path file, List<Mark> marks) implements Part {

        public Video {
            marks = List.copyOf(marks);
        }

        public Video(Path file) {
            this(file, List.of());
        }
    }
}
