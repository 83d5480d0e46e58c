package dev.saccade.runtime;

import java.nio.file.Path;

/** One piece of a message, in the order in which the model reads it. */
public sealed interface Part {

    /** Plain text. Special tokens that occur in it are ordinary characters. */
    record Text(String text) implements Part {}

    /** A still image (JPEG or PNG). */
    record Image(Path file) implements Part {}

    /** A video clip. */
    record Video(Path file) implements Part {}
}
