package dev.saccade.api.videos;

import java.nio.file.Path;

/**
 * Bounds on uploads.
 *
 * @param maxBytes largest file
 * @param concurrent most uploads at one time; each holds a thread and its file on the local disk
 * @param storing most of them that are written to the store at one time; each holds a part of 5 MiB in memory
 * @param folder where files lie while they are received and probed
 * @param deduplicate whether a tenant's uploads of the same bytes share one object
 */
public record UploadLimits(long maxBytes, int concurrent, int storing, Path folder, boolean deduplicate) {}
