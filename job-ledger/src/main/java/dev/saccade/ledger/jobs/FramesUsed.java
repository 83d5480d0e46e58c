package dev.saccade.ledger.jobs;

import java.util.List;

/**
 * The frames of one image or video that the model saw.
 *
 * @param kind {@code image} or {@code video}
 * @param indices frame numbers in the decoded clip
 * @param seconds the time of each of them
 * @param sampledFps frames for each second of video; 0 for an image
 * @param height resized height in pixels
 * @param width resized width in pixels
 * @param visualTokens tokens that it takes in the prompt
 */
public record FramesUsed(
        String kind,
        List<Integer> indices,
        List<Double> seconds,
        double sampledFps,
        int height,
        int width,
        int visualTokens) {

    public FramesUsed {
        indices = List.copyOf(indices);
        seconds = List.copyOf(seconds);
    }
}
