package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.model.DemoModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How requests share the memory for pixels. */
@EngineTest
final class PreparationTest {

    private static final Path CLIP = DemoModel.clips().resolve("motion/clips/motion_000.mp4");
    private static final Path OTHER = DemoModel.clips().resolve("motion/clips/motion_001.mp4");

    private final Map<Ticket, Prompt> ready = new ConcurrentHashMap<>();
    private final Map<Ticket, EngineException> failed = new ConcurrentHashMap<>();
    private final AtomicInteger pixelsCame = new AtomicInteger();
    private final GoldenEngine engine = new GoldenEngine(EngineOptions.DEFAULT);
    private final GatedMedia media = new GatedMedia(pipeline());
    private Preparation preparation = preparation(1L << 30);
    private long tickets;

    @AfterEach
    void close() {
        preparation.close();
        engine.close();
    }

    @Test
    void aRequestWaitsUntilThereIsMemoryForItsPixels() {
        limitToOneClip();
        Ticket first = submit(CLIP);
        await().until(() -> ready.containsKey(first));
        Ticket second = submit(OTHER);
        await().until(() -> media.measured.get() == 2);

        assertThat(media.prepared).hasValue(1);
        preparation.release(first);

        await().until(() -> ready.containsKey(second));
        assertThat(preparation.status().patchBytes()).isPositive();
        preparation.release(second);
        assertThat(preparation.status().patchBytes()).isZero();
    }

    @Test
    void aRequestThatNeedsMoreThanThereEverIsIsRefusedWithTheLimitBeforeItIsDecoded() {
        limitToOneClip();
        long limit = preparation.status().patchLimitBytes();
        Ticket both = submit(CLIP, OTHER);
        await().until(() -> failed.containsKey(both));

        assertThat(failed.get(both))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("at most " + limit);
        assertThat(media.prepared).hasValue(0);
        Ticket twice = submit(CLIP, CLIP); // the same pixels count once
        await().until(() -> ready.containsKey(twice));
    }

    @Test
    void pixelsOfOneWhoWaitsMakeRoomForThoseOfOneWhoRuns() {
        limitToOneClip();
        Ticket earlier = submit(OTHER);
        await().until(() -> ready.containsKey(earlier));
        preparation.release(earlier); // what became of the clip is remembered, its pixels are gone
        Ticket waits = submit(CLIP);
        await().until(() -> ready.containsKey(waits));
        Ticket runs = submit(OTHER);
        await().until(() -> ready.containsKey(runs));
        assertThat(media.prepared).hasValue(2);

        assertThat(visuals(runs).needFrom(0, false)).isTrue();
        assertThat(visuals(runs).complete()).isFalse();
        await().until(() -> pixelsCame.get() == 1);
        assertThat(visuals(runs).patchesLeft()).isPositive();
        assertThat(visuals(waits).patchesLeft()).isZero();

        preparation.release(runs);
        assertThat(visuals(waits).needFrom(0, false)).isTrue();
        await().until(() -> pixelsCame.get() == 2);
        assertThat(visuals(waits).patchesLeft()).isPositive();
        assertThat(media.prepared).hasValue(4);
    }

    @Test
    void clipsBeforeTheFirstTokenThatIsReadAreNotNeeded() {
        Ticket earlier = submit(CLIP, OTHER);
        await().until(() -> ready.containsKey(earlier));
        preparation.release(earlier);
        Ticket later = submit(CLIP, OTHER);
        await().until(() -> ready.containsKey(later));
        Prompt prompt = prompt(later);

        assertThat(visuals(later).needFrom(prompt.visualEnd(), true)).isTrue();
        assertThat(visuals(later).complete()).isTrue();
        assertThat(media.prepared).hasValue(2);
        assertThat(preparation.status().visionCacheBytes()).isZero();

        assertThat(visuals(later).needFrom(prompt.encoded().spans().getLast().start(), true))
                .isTrue();
        await().until(() -> pixelsCame.get() == 1);
        assertThat(media.prepared).hasValue(3);
        assertThat(visuals(later).complete()).isFalse();
    }

    /** The memory is that of the larger one of the two clips. */
    private void limitToOneClip() {
        VisionOptions options = VisionOptions.DEFAULT;
        long bytes = 0;
        for (Path file : List.of(CLIP, OTHER)) {
            Part part = new Part.Video(file);
            bytes = Math.max(
                    bytes, media.measure(part, options, media.content(part)).patchBytes());
        }
        media.measured.set(0);
        preparation.close();
        preparation = preparation(bytes);
    }

    private VisualTokens visuals(Ticket ticket) {
        return prompt(ticket).visuals();
    }

    private Prompt prompt(Ticket ticket) {
        return Objects.requireNonNull(ready.get(ticket));
    }

    private Ticket submit(Path... clips) {
        List<Part> parts = new ArrayList<>();
        for (Path clip : clips) {
            parts.add(new Part.Video(clip));
        }
        parts.add(new Part.Text("What happens?"));
        GenerationRequest request = new GenerationRequest(
                List.of(new Message(Message.Role.USER, parts)),
                SamplingParameters.greedy(),
                VisionOptions.DEFAULT,
                false);
        Ticket ticket = new Ticket(
                tickets++, request, SamplingParameters.greedy(), 0, GenerationListener.NONE, cancelled -> {});
        preparation.submit(ticket);
        return ticket;
    }

    private Preparation preparation(long patchBytes) {
        Preparation.Outcome outcome = new Preparation.Outcome() {
            @Override
            public void ready(Ticket ticket, Prompt prompt) {
                ready.put(ticket, prompt);
            }

            @Override
            public void failed(Ticket ticket, EngineException failure) {
                failed.put(ticket, failure);
            }

            @Override
            public void pixelsCame() {
                pixelsCame.incrementAndGet();
            }
        };
        return new Preparation(media, engine.promptBuilder(), new VisionCache(1L << 30, 256), 2, patchBytes, outcome);
    }

    private static MediaPipeline pipeline() {
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model())) {
            return new MediaPipeline(MediaLimits.DEFAULT, checkpoint.preprocessor());
        }
    }
}
