package dev.saccade.runtime.media;

import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;

/**
 * An image or a video that was looked into but not decoded.
 *
 * @param options as they were asked for
 * @param patchBytes memory that its patches will take, as far as the container tells the truth
 */
public record MeasuredMedia(Part media, VisionOptions options, FileContent content, ClipFacts facts, long patchBytes) {}
