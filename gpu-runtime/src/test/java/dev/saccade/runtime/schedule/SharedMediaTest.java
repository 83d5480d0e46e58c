package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.model.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests about the same clip, from file to answer with the real decoder. */
@EngineTest
final class SharedMediaTest {

    private static final Path CLIP = DemoModel.clips().resolve("motion/clips/motion_000.mp4");
    private static final Path OTHER = DemoModel.clips().resolve("motion/clips/motion_001.mp4");
    private static final String QUESTION = "Which way does the object move?";

    private static final EngineOptions OPTIONS = EngineOptions.DEFAULT.toBuilder()
            .precision(Precision.FLOAT32)
            .maxSequences(4)
            .kvCacheTokens(8_192)
            .prefixCaching(false) // so that visual tokens are needed each time
            .build();

    private final GatedMedia media = new GatedMedia(pipeline());
    private GoldenEngine engine = new GoldenEngine(OPTIONS, media);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        media.open();
        engine.close();
    }

    @Test
    void aSecondQuestionAboutAVideoRunsNoDecoderAndNoVisionTower() {
        ask(CLIP, "Is there anything red?");
        long encoded = engine.mediaStatus().encodedPatches();

        GenerationResult second = ask(CLIP, QUESTION);

        assertThat(media.measured).hasValue(1);
        assertThat(media.prepared).hasValue(1);
        assertThat(engine.mediaStatus().encodedPatches()).isEqualTo(encoded).isPositive();
        assertThat(engine.mediaStatus().hits()).isEqualTo(1);
        assertThat(engine.mediaStatus().patchBytes()).isZero();
        assertThat(second.text()).isEqualTo(inAFreshEngine(CLIP).text());
        assertThat(second.media()).isEqualTo(inAFreshEngine(CLIP).media());
    }

    @Test
    void equalClipsInFlightAreDecodedAndEncodedOnce() throws IOException {
        Path copy = Files.copy(CLIP, folder.resolve("copy.mp4"));
        media.shut();
        List<Generation> asked = List.of(submit(CLIP), submit(copy), submit(CLIP));
        await().until(() -> media.measured.get() == 3);
        media.open();

        List<String> answers =
                asked.stream().map(one -> one.result().join().text()).toList();

        GenerationResult alone = inAFreshEngine(CLIP);
        assertThat(answers).containsOnly(alone.text());
        assertThat(media.prepared).hasValue(1);
        assertThat(engine.mediaStatus().encodedPatches())
                .isEqualTo(4L * alone.usage().visualTokens());
    }

    @Test
    void cancellingOneOfThoseWhoShareAClipLeavesTheOthers() {
        media.shut();
        Generation leaving = submit(CLIP);
        Generation staying = submit(CLIP);
        await().until(() -> media.measured.get() == 2 && media.prepared.get() == 1);
        leaving.cancel();

        assertThat(leaving.result().join().finishReason()).isEqualTo(FinishReason.CANCELLED);
        media.open();
        assertThat(staying.result().join().text()).isNotEmpty();
        assertThat(media.prepared).hasValue(1);
        assertThat(media.interrupted).hasValue(0);
    }

    @Test
    void aClipThatNobodyWaitsForAnyMoreIsNotDecodedOn() {
        media.shut();
        Generation one = submit(CLIP);
        Generation two = submit(CLIP);
        await().until(() -> media.measured.get() == 2 && media.prepared.get() == 1);
        one.cancel();
        two.cancel();

        await().until(() -> media.interrupted.get() == 1);
        await().until(() -> engine.mediaStatus().patchBytes() == 0);
        assertThat(engine.mediaStatus().requests()).isZero();
    }

    @Test
    void theFileOfAnotherRequestIsTakenWhereTheFirstOneIsGone() throws IOException {
        Path first = Files.copy(CLIP, folder.resolve("first.mp4"));
        media.shut();
        Generation owner = submit(first);
        await().until(() -> media.prepared.get() == 1);
        Generation other = submit(CLIP);
        await().until(() -> media.measured.get() == 2);
        Files.delete(first);
        media.open();

        assertThat(other.result().join().text()).isEqualTo(owner.result().join().text());
        assertThat(media.prepared).hasValue(2);
    }

    @Test
    void aFileThatChangedUnderItsNameIsAnotherClip() throws IOException {
        Path file = Files.copy(CLIP, folder.resolve("clip.mp4"));
        ask(file, QUESTION);
        Files.write(file, Files.readAllBytes(OTHER));

        assertThat(ask(file, QUESTION).text()).isEqualTo(inAFreshEngine(OTHER).text());
        assertThat(media.prepared).hasValue(2);
    }

    @Test
    void clipsThatNobodyUsesLeaveWhenTheBudgetIsUsedUp() {
        restart(OPTIONS.toBuilder().visionCacheBytes(bytesOfOneClip()).build());
        String first = ask(CLIP, QUESTION).text();
        String other = ask(OTHER, QUESTION).text();

        assertThat(ask(CLIP, QUESTION).text()).isEqualTo(first);
        assertThat(ask(OTHER, QUESTION).text()).isEqualTo(other);
        assertThat(media.prepared).hasValue(4);
        assertThat(engine.mediaStatus().visionCacheBytes())
                .isPositive()
                .isLessThanOrEqualTo(engine.mediaStatus().visionCacheLimitBytes());
    }

    @Test
    void aClipThatWasEvictedWhileItsRequestWaitedIsDecodedThen() {
        restart(narrow());
        String first = ask(CLIP, QUESTION).text();
        Generation occupant = occupy();
        Generation evicting = submit(OTHER);
        await().until(() -> media.prepared.get() == 2 && engine.mediaStatus().requests() == 0);
        Generation evicted = submit(CLIP);
        await().until(() ->
                engine.mediaStatus().queries() == 3 && engine.mediaStatus().requests() == 0);
        occupant.cancel();

        assertThat(evicting.result().join().text()).isNotEmpty();
        assertThat(evicted.result().join().text()).isEqualTo(first);
        assertThat(media.prepared).hasValue(3);
    }

    @Test
    void aClipThatIsGoneWhenItIsNeededAfterAllFailsItsRequestAlone() throws IOException {
        restart(narrow());
        Path file = Files.copy(CLIP, folder.resolve("clip.mp4"));
        ask(file, QUESTION);
        Generation occupant = occupy();
        Generation evicting = submit(OTHER);
        await().until(() -> media.prepared.get() == 2 && engine.mediaStatus().requests() == 0);
        Generation evicted = submit(file);
        await().until(() ->
                engine.mediaStatus().queries() == 3 && engine.mediaStatus().requests() == 0);
        Files.delete(file);
        occupant.cancel();

        assertThat(failure(evicted)).isInstanceOf(MediaException.class);
        assertThat(evicting.result().join().text()).isNotEmpty();
        assertThat(ask(OTHER, QUESTION).text()).isNotEmpty();
        assertThat(engine.pool().free()).isEqualTo(engine.pool().blocks());
    }

    @Test
    void aRequestWhoseMediaCanNeverBeHeldIsRefusedWithTheLimit() {
        long limit = bytesOfOneClip() - 1;
        restart(OPTIONS.toBuilder().visionCacheBytes(limit).build());

        EngineException refusal = failure(submit(CLIP));

        assertThat(refusal).isInstanceOf(InvalidRequestException.class).hasMessageContaining("at most " + limit);
        assertThat(engine.mediaStatus().patchBytes()).isZero();
    }

    /** One sequence, and room for the visual tokens of one clip. */
    private EngineOptions narrow() {
        return OPTIONS.toBuilder()
                .maxSequences(1)
                .visionCacheBytes(bytesOfOneClip())
                .build();
    }

    private long bytesOfOneClip() {
        ask(CLIP, QUESTION);
        return engine.mediaStatus().visionCacheBytes();
    }

    private void restart(EngineOptions options) {
        engine.close();
        media.measured.set(0);
        media.prepared.set(0);
        engine = new GoldenEngine(options, media);
    }

    /** Takes the only place until it is cancelled. */
    private Generation occupy() {
        return engine.submit(new GenerationRequest(
                List.of(Message.user(new Part.Text("What is gravity?"))),
                SamplingParameters.greedy().toBuilder()
                        .maxTokens(3_900)
                        .ignoreEos(true)
                        .build(),
                VisionOptions.DEFAULT,
                false));
    }

    private GenerationResult ask(Path clip, String question) {
        return engine.submit(request(clip, question)).result().join();
    }

    private Generation submit(Path clip) {
        return engine.submit(request(clip, QUESTION));
    }

    private static GenerationResult inAFreshEngine(Path clip) {
        try (GoldenEngine fresh = new GoldenEngine(OPTIONS, new GatedMedia(pipeline()))) {
            return fresh.submit(request(clip, QUESTION)).result().join();
        }
    }

    private static GenerationRequest request(Path clip, String question) {
        return new GenerationRequest(
                List.of(Message.user(new Part.Video(clip), new Part.Text(question))),
                SamplingParameters.greedy().toBuilder().maxTokens(16).build(),
                VisionOptions.DEFAULT,
                false);
    }

    private static MediaPipeline pipeline() {
        try (Checkpoint checkpoint = Checkpoint.open(DemoModel.model())) {
            return new MediaPipeline(MediaLimits.DEFAULT, checkpoint.preprocessor());
        }
    }

    private static EngineException failure(Generation generation) {
        try {
            String text = generation.result().join().text();
            throw new AssertionError("gave " + text);
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException failure) {
                return failure;
            }
            throw e;
        }
    }
}
