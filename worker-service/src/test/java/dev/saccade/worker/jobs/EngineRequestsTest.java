package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.worker.media.UnusableMediaException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EngineRequestsTest {

    private static final UUID CLIP = UUID.randomUUID();
    private static final UUID PHOTO = UUID.randomUUID();
    private static final Map<UUID, Path> FILES = Map.of(CLIP, Path.of("clip"), PHOTO, Path.of("photo"));

    @Test
    void keepsTurnsAndPartsInTheirOrder() throws Exception {
        var request = EngineRequests.from(
                conversation(
                        new RequestMessage("system", List.of(new ContentPart.Text("be brief"))),
                        new RequestMessage(
                                "user",
                                List.of(
                                        new ContentPart.Video(CLIP),
                                        new ContentPart.Text("or"),
                                        new ContentPart.Image(PHOTO))),
                        new RequestMessage("assistant", List.of(new ContentPart.Text("the first"))),
                        new RequestMessage("user", List.of(new ContentPart.Text("why?")))),
                Urgency.INTERACTIVE,
                FILES);

        assertThat(request.messages())
                .containsExactly(
                        Message.system("be brief"),
                        Message.user(
                                new Part.Video(Path.of("clip")), new Part.Text("or"), new Part.Image(Path.of("photo"))),
                        Message.assistant("the first"),
                        Message.user(new Part.Text("why?")));
        assertThat(request.numberMedia()).isTrue();
        assertThat(request.urgency().priority()).isEqualTo(Priority.INTERACTIVE);
    }

    @Test
    void passesEveryParameterOn() throws Exception {
        var sampling = new Sampling(
                0.5, 0.9, 40, 0.1, 1.05, 0.2, 0.3, 7L, 100, 2, List.of("stop"), Set.of(9), true, Map.of(3, -1.0));
        var vision = new Vision(2.0, null, 4, 64, 100L, 200L, 300L, 56, 84, 1.0, 2.0, true);
        var request = EngineRequests.from(new JobRequest(List.of(), sampling, vision, false), Urgency.STANDARD, FILES);

        assertThat(request.sampling())
                .isEqualTo(SamplingParameters.builder()
                        .temperature(0.5)
                        .topP(0.9)
                        .topK(40)
                        .minP(0.1)
                        .repetitionPenalty(1.05)
                        .presencePenalty(0.2)
                        .frequencyPenalty(0.3)
                        .seed(7L)
                        .maxTokens(100)
                        .minTokens(2)
                        .stop(List.of("stop"))
                        .stopTokenIds(Set.of(9))
                        .ignoreEos(true)
                        .logitBias(Map.of(3, -1.0))
                        .build());
        assertThat(request.vision())
                .isEqualTo(new VisionOptions(2.0, null, 4, 64, 100L, 200L, 300L, 56, 84, 1.0, 2.0, true));
    }

    @Test
    void leavesWhatIsNotGivenToTheModel() throws Exception {
        var request = EngineRequests.from(
                new JobRequest(List.of(), Sampling.DEFAULT, Vision.DEFAULT, false), Urgency.STANDARD, FILES);
        assertThat(request.sampling()).isEqualTo(SamplingParameters.DEFAULT);
        assertThat(request.vision()).isEqualTo(VisionOptions.DEFAULT);
    }

    @Test
    void refusesMediaThatWereDeletedSince() {
        var request = conversation(new RequestMessage("user", List.of(new ContentPart.Video(CLIP))));
        assertThatThrownBy(() -> EngineRequests.from(request, Urgency.STANDARD, Map.of()))
                .isInstanceOfSatisfying(
                        UnusableMediaException.class, e -> assertThat(e.code()).isEqualTo("media-missing"));
    }

    @Test
    void refusesARoleThatTheEngineDoesNotKnow() {
        var request = conversation(new RequestMessage("tool", List.of(new ContentPart.Text("42"))));
        assertThatThrownBy(() -> EngineRequests.from(request, Urgency.STANDARD, FILES))
                .isInstanceOf(InvalidRequestException.class);
    }

    private static JobRequest conversation(RequestMessage... messages) {
        return new JobRequest(List.of(messages), Sampling.DEFAULT, Vision.DEFAULT, true);
    }
}
