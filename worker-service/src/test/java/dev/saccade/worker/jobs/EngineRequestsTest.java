package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Mark;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.worker.media.UnusableMediaException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineRequestsTest {

    private static final UUID CLIP = UUID.randomUUID();
    private static final UUID PHOTO = UUID.randomUUID();
    private static final Map<UUID, Path> FILES = Map.of(CLIP, Path.of("clip"), PHOTO, Path.of("photo"));

    @Test
    void marksOfAClipAreTheEnginesMarks() throws Exception {
        var spec = new MarkSpec(7, null, List.of(new MarkSpec.Frame(1.5, null, List.of(3.0, 4.0), null)));
        var request = EngineRequests.from(
                conversation(new RequestMessage(
                        "user",
                        List.of(
                                new ContentPart.Video(CLIP, List.of(spec)),
                                new ContentPart.Image(PHOTO, List.of(spec))))),
                Urgency.STANDARD,
                FILES);

        var point = new Mark.Shape(Mark.Form.POINT, List.of(new Mark.Corner(3, 4)));
        var mark = new Mark(7, true, List.of(new Mark.Key(1.5, point)));
        assertThat(request.messages().getFirst().parts())
                .containsExactly(
                        new Part.Video(Path.of("clip"), List.of(mark)),
                        new Part.Image(Path.of("photo"), List.of(mark)));
    }

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
        var sampling = Sampling.of("""
                {"temperature": 0.5, "top_p": 0.9, "top_k": 40, "min_p": 0.1, "repetition_penalty": 1.05,
                 "presence_penalty": 0.2, "frequency_penalty": 0.3, "seed": 7, "n": 3, "max_tokens": 100, "min_tokens": 2,
                 "thinking_token_budget": 50, "stop": ["stop"], "stop_token_ids": [9], "ignore_eos": true,
                 "include_stop_str_in_output": true, "skip_special_tokens": false, "logit_bias": {"3": -1.0},
                 "allowed_token_ids": [3, 9], "bad_words": ["damn"], "logprobs": 5, "prompt_logprobs": 0,
                 "structured_outputs": {"json": {"type": "object", "properties": {"z": {"const": 1.50}, "a": {}}}}}
                """);
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
                        .n(3)
                        .thinkingTokenBudget(50)
                        .includeStop(true)
                        .skipSpecialTokens(false)
                        .allowedTokenIds(Set.of(3, 9))
                        .badWords(List.of("damn"))
                        .logprobs(5)
                        .promptLogprobs(0)
                        .structuredOutput(new StructuredOutput.JsonSchema(
                                "{\"type\":\"object\",\"properties\":{\"z\":{\"const\":1.50},\"a\":{}}}"))
                        .build());
        assertThat(request.vision())
                .isEqualTo(new VisionOptions(2.0, null, 4, 64, 100L, 200L, 300L, 56, 84, 1.0, 2.0, true));
    }

    @Test
    void structuredOutputIsASchemaAnExpressionOrAChoice() throws Exception {
        assertThat(structured("{\"json\": \"{}\"}")).isEqualTo(new StructuredOutput.JsonSchema("{}"));
        assertThat(structured("{\"regex\": \"yes|no\"}")).isEqualTo(new StructuredOutput.Regex("yes|no"));
        assertThat(structured("{\"choice\": [\"yes\", \"no\"]}"))
                .isEqualTo(new StructuredOutput.Choice(List.of("yes", "no")));
    }

    private static @Nullable StructuredOutput structured(String json) throws Exception {
        var sampling = Sampling.of("{\"structured_outputs\": " + json + "}");
        return EngineRequests.from(new JobRequest(List.of(), sampling, Vision.DEFAULT, false), Urgency.STANDARD, FILES)
                .sampling()
                .structuredOutput();
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
