package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.kv.BlockKey;
import dev.saccade.runtime.media.MediaKey;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.text.EncodedPrompt;
import dev.saccade.runtime.text.MediaSpan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockKeysTest {

    private static final List<MediaSpan> SPAN = List.of(new MediaSpan(20, 30, 0));

    @Test
    void onlyFullBlocksHaveKeys() {
        assertThat(keys(15, List.of(), List.of())).isEmpty();
        assertThat(keys(47, List.of(), List.of())).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aTokenChangesTheKeyOfItsBlockAndOfAllAfterIt() {
        int[] ids = new int[64];
        List<BlockKey> before = keys(ids, List.of(), List.of());
        ids[20] = 7;
        List<BlockKey> after = keys(ids, List.of(), List.of());

        assertThat(after.getFirst()).isEqualTo(before.getFirst());
        assertThat(after.subList(1, 4)).doesNotContainAnyElementsOf(before);
    }

    @Test
    void anotherClipInTheSamePlaceHasOtherKeysFromThereOn() {
        List<BlockKey> one = keys(64, SPAN, List.of(clip('1')));
        List<BlockKey> other = keys(64, SPAN, List.of(clip('2')));

        assertThat(other.getFirst()).isEqualTo(one.getFirst());
        assertThat(other.subList(1, 4)).doesNotContainAnyElementsOf(one);
        assertThat(keys(64, SPAN, List.of(clip('1')))).isEqualTo(one);
    }

    @Test
    void theSameClipFurtherOnHasOtherKeys() {
        List<BlockKey> one = keys(64, List.of(new MediaSpan(0, 30, 0)), List.of(clip('1')));
        List<BlockKey> shifted = keys(64, List.of(new MediaSpan(1, 30, 0)), List.of(clip('1')));

        assertThat(shifted).doesNotContainAnyElementsOf(one);
    }

    @Test
    void twoClipsInTheOtherOrderHaveOtherKeys() {
        List<MediaSpan> spans = List.of(new MediaSpan(0, 4, 0), new MediaSpan(4, 4, 1));

        assertThat(keys(16, spans, List.of(clip('1'), clip('2'))))
                .isNotEqualTo(keys(16, spans, List.of(clip('2'), clip('1'))));
    }

    private static List<BlockKey> keys(int length, List<MediaSpan> spans, List<MediaSummary> media) {
        return keys(new int[length], spans, media);
    }

    private static List<BlockKey> keys(int[] ids, List<MediaSpan> spans, List<MediaSummary> media) {
        return new BlockKeys(true).ofPrompt(new EncodedPrompt(Arrays.copyOf(ids, ids.length), spans), media);
    }

    private static MediaSummary clip(char digit) {
        MediaUsed used = new MediaUsed("video", List.of(), List.of(), 4, 28, 28, 30);
        MediaKey key = new MediaKey(String.valueOf(digit).repeat(64));
        return new MediaSummary(key, "video", 30, 2, 2, 0.5, used, List.of());
    }
}
