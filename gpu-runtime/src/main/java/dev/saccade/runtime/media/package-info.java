/**
 * From a file to the vision tower's input: what the file is, which frames the model sees, their sizes, pixels and
 * patches. Video is read by child processes (ffprobe, ffmpeg) with limits on time, memory, frames and protocols.
 */
@NullMarked
package dev.saccade.runtime.media;

import org.jspecify.annotations.NullMarked;
