package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.StructuredOutputs;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.GenerationRequest;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** From the request as it is stored to the engine's. */
final class EngineRequests {

    private EngineRequests() {}

    /**
     * @param files where the request's media are on disk
     * @throws UnusableMediaException where one of them is missing: it was deleted since
     * @throws InvalidRequestException for a role that the engine doesn't know
     */
    static GenerationRequest from(JobRequest request, Urgency urgency, Map<UUID, Path> files)
            throws UnusableMediaException {
        var messages = new ArrayList<Message>();
        for (var message : request.messages()) {
            messages.add(new Message(role(message), parts(message, files)));
        }
        return new GenerationRequest(
                        messages, sampling(request.sampling()), vision(request.vision()), request.numberMedia())
                .withUrgency(new dev.saccade.runtime.Urgency(priority(urgency), null, null));
    }

    /** Deadlines are kept by the ledger and the heartbeat; the engine only has to know who goes first. */
    private static Priority priority(Urgency urgency) {
        return switch (urgency) {
            case INTERACTIVE -> Priority.INTERACTIVE;
            case STANDARD -> Priority.STANDARD;
            case BATCH -> Priority.BATCH;
        };
    }

    private static Message.Role role(RequestMessage message) {
        return switch (message.role()) {
            case "system" -> Message.Role.SYSTEM;
            case "user" -> Message.Role.USER;
            case "assistant" -> Message.Role.ASSISTANT;
            default ->
                throw new InvalidRequestException(
                        "invalid-role", "A message's role must be system, user or assistant.");
        };
    }

    private static List<Part> parts(RequestMessage message, Map<UUID, Path> files) throws UnusableMediaException {
        var parts = new ArrayList<Part>();
        for (var part : message.content()) {
            parts.add(
                    switch (part) {
                        case ContentPart.Text text -> new Part.Text(text.text());
                        case ContentPart.Image image ->
                            new Part.Image(file(image.videoId(), files), marks(orElse(image.marks(), List.of())));
                        case ContentPart.Video video ->
                            new Part.Video(file(video.videoId(), files), marks(orElse(video.marks(), List.of())));
                    });
        }
        return parts;
    }

    private static List<Mark> marks(List<MarkSpec> specs) {
        return specs.stream()
                .map(spec -> new Mark(orElse(spec.number(), 0), orElse(spec.interpolate(), true), keys(spec.frames())))
                .toList();
    }

    private static List<Mark.Key> keys(@Nullable List<MarkSpec.@Nullable Frame> frames) {
        var keys = new ArrayList<Mark.Key>();
        if (frames == null) {
            return keys;
        }
        for (var frame : frames) {
            var key = frame == null ? null : Mark.Key.of(frame.at(), frame.box(), frame.point(), frame.polygon());
            if (key == null) {
                throw new InvalidRequestException("invalid-mark", "A frame of a mark has one box, point or polygon.");
            }
            keys.add(key);
        }
        return keys;
    }

    private static Path file(UUID id, Map<UUID, Path> files) throws UnusableMediaException {
        var file = files.get(id);
        if (file == null) {
            throw UnusableMediaException.missing();
        }
        return file;
    }

    private static SamplingParameters sampling(Sampling given) {
        return SamplingParameters.builder()
                .temperature(given.temperature())
                .topP(given.topP())
                .topK(given.topK())
                .minP(given.minP())
                .repetitionPenalty(given.repetitionPenalty())
                .presencePenalty(given.presencePenalty())
                .frequencyPenalty(given.frequencyPenalty())
                .seed(given.seed())
                .maxTokens(given.maxTokens())
                .minTokens(given.minTokens())
                .stop(orElse(given.stop(), List.of()))
                .stopTokenIds(orElse(given.stopTokenIds(), Set.of()))
                .ignoreEos(orElse(given.ignoreEos(), false))
                .n(given.n())
                .thinkingTokenBudget(given.thinkingTokenBudget())
                .includeStop(orElse(given.includeStopStrInOutput(), false))
                .skipSpecialTokens(orElse(given.skipSpecialTokens(), true))
                .logitBias(orElse(given.logitBias(), Map.of()))
                .allowedTokenIds(orElse(given.allowedTokenIds(), Set.of()))
                .badWords(orElse(given.badWords(), List.of()))
                .logprobs(given.logprobs())
                .promptLogprobs(given.promptLogprobs())
                .structuredOutput(structured(given.structuredOutputs()))
                .build();
    }

    private static @Nullable StructuredOutput structured(@Nullable StructuredOutputs given) {
        return switch (given) {
            case null -> null;
            case StructuredOutputs(String json, var _, var _)
            when json != null -> new StructuredOutput.JsonSchema(json);
            case StructuredOutputs(var _, String regex, var _) when regex != null -> new StructuredOutput.Regex(regex);
            case StructuredOutputs(var _, var _, List<String> choice)
            when choice != null -> new StructuredOutput.Choice(choice);
            case StructuredOutputs nothing ->
                throw new InvalidRequestException(
                        "invalid-structured-outputs", "structured_outputs needs one of json, regex and choice.");
        };
    }

    private static VisionOptions vision(Vision given) {
        return new VisionOptions(
                given.fps(),
                given.nframes(),
                given.minFrames(),
                given.maxFrames(),
                given.minPixels(),
                given.maxPixels(),
                given.totalPixels(),
                given.resizedHeight(),
                given.resizedWidth(),
                given.videoStart(),
                given.videoEnd(),
                orElse(given.timestamps(), false));
    }

    private static <T> T orElse(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
