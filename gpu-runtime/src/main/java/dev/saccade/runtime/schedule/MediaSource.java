package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.FileContent;
import dev.saccade.runtime.media.MeasuredMedia;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.media.PreparedMedia;

/** Where media come from: {@link MediaPipeline}, or reference values in tests. Thread-safe. */
interface MediaSource {

    FileContent content(Part media);

    MeasuredMedia measure(Part media, VisionOptions options, FileContent content);

    PreparedMedia prepare(MeasuredMedia measured);

    static MediaSource of(MediaPipeline pipeline) {
        return new MediaSource() {
            @Override
            public FileContent content(Part media) {
                return pipeline.content(media);
            }

            @Override
            public MeasuredMedia measure(Part media, VisionOptions options, FileContent content) {
                return pipeline.measure(media, options, content);
            }

            @Override
            public PreparedMedia prepare(MeasuredMedia measured) {
                return pipeline.prepare(measured);
            }
        };
    }
}
