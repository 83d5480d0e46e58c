package dev.saccade.runtime.text;

/**
 * Where the visual tokens of an image or a video stand in a prompt.
 *
 * @param start index of the first placeholder token
 * @param count number of placeholder tokens
 * @param media index of the image or video, counted over all messages
 */
public record MediaSpan(int start, int count, int media) {}
