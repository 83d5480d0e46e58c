package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.PreparedMedia;

/** Where prepared media come from: {@link dev.saccade.runtime.media.MediaPipeline#prepare}, or reference values in tests. */
interface MediaSource {

    PreparedMedia prepare(Part media, VisionOptions options);
}
