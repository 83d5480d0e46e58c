package dev.saccade.runtime.device;

/** Rows of a step as a device has taken them in; see {@link Device#stage}. Valid until the next ones are staged. */
public interface StagedRows {}
