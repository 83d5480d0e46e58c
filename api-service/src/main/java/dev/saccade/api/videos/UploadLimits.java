package dev.saccade.api.videos;

import java.nio.file.Path;

/**
 * Bounds on uploads.
 *
 * @param maxBytes largest file
 * @param concurrent most uploads at one time; each holds a part of 5 MiB in memory and its file on the local disk
 * @param folder where files lie while they are received and probed
 */
public record UploadLimits(long maxBytes, int concurrent, Path folder) {}
