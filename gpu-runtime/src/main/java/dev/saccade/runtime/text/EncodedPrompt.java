package dev.saccade.runtime.text;

import java.util.List;

/**
 * A conversation as the model reads it.
 *
 * @param ids token ids, each image and video with one placeholder for each of its visual tokens
 * @param spans where the media stand, in prompt order
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to the device, never compared
public record EncodedPrompt(int[] ids, List<MediaSpan> spans) {

    public EncodedPrompt {
        spans = List.copyOf(spans);
    }
}
