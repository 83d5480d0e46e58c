package dev.saccade.runtime;

/**
 * Facts about an opened model.
 *
 * @param name the checkpoint folder's name
 * @param fingerprint SHA-256, in hex, over the checkpoint's content
 * @param contextTokens longest prompt and answer together
 * @param parameters number of weights
 */
public record ModelInfo(String name, String fingerprint, int contextTokens, long parameters) {}
