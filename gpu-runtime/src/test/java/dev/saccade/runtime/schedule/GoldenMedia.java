package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts;
import dev.saccade.runtime.media.FileContent;
import dev.saccade.runtime.media.FileStamp;
import dev.saccade.runtime.media.MeasuredMedia;
import dev.saccade.runtime.media.PreparedMedia;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** Clips that are there already, named by paths of no file; counts how often each stage was asked. */
final class GoldenMedia implements MediaSource {

    private static final long GROUP_BYTES = 64L * 1176 * Float.BYTES;

    private final BiFunction<Part, VisionOptions, PreparedMedia> clips;
    private final AtomicInteger prepared = new AtomicInteger();

    GoldenMedia(BiFunction<Part, VisionOptions, PreparedMedia> clips) {
        this.clips = clips;
    }

    @Override
    public FileContent content(Part media) {
        Path file = file(media);
        FileTime none = FileTime.fromMillis(0);
        return new FileContent(file, sha256(file.toString()), new FileStamp(0, none, none, file.toString()));
    }

    @Override
    public MeasuredMedia measure(Part media, VisionOptions options, FileContent content) {
        ClipFacts facts = new ClipFacts(ClipFacts.Kind.VIDEO, "mp4", "h264", 112, 112, 2, 4, 8);
        return new MeasuredMedia(media, options, content, facts, 4 * GROUP_BYTES);
    }

    @Override
    public PreparedMedia prepare(MeasuredMedia measured) {
        prepared.incrementAndGet();
        return clips.apply(measured.media(), measured.options());
    }

    /** Clips that were decoded. */
    int prepared() {
        return prepared.get();
    }

    private static Path file(Part media) {
        return switch (media) {
            case Part.Media shown -> shown.file();
            case Part.Text _ -> throw new IllegalArgumentException("text is no medium");
        };
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }
}
