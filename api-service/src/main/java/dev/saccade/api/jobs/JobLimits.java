package dev.saccade.api.jobs;

/**
 * Bounds on one job's request.
 *
 * @param maxCharacters characters of all texts together
 * @param maxMessages turns of a conversation
 * @param maxMedia videos and images
 * @param maxTokens largest {@code max_tokens}: the context of the largest model that serves here
 */
public record JobLimits(int maxCharacters, int maxMessages, int maxMedia, int maxTokens) {}
