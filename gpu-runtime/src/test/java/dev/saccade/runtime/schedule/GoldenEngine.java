package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.golden.GoldenTensors;
import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.media.MediaKey;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.media.PreparedMedia;
import dev.saccade.runtime.media.PreprocessorBounds;
import dev.saccade.runtime.model.DemoModel;
import dev.saccade.runtime.text.ChatTemplate;
import dev.saccade.runtime.text.PromptEncoder;
import dev.saccade.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * An engine whose media are the clips of the reference values: a file named {@code a@4.0} is clip a sampled at 4 frames a
 * second.
 */
final class GoldenEngine implements AutoCloseable {

    private static final GoldenTensors VISION = GoldenTensors.read("vision");

    private final Checkpoint checkpoint = Checkpoint.open(DemoModel.model());
    private final Tokenizer tokenizer = Tokenizer.open(DemoModel.model());
    private final Device device;
    private final EngineParts parts;
    private final EngineLoop loop;
    private boolean closed;

    GoldenEngine(EngineOptions options) {
        this(options, GoldenEngine::golden);
    }

    GoldenEngine(EngineOptions options, BiFunction<Part, VisionOptions, PreparedMedia> clips) {
        this(options, new GoldenMedia(clips));
    }

    GoldenEngine(EngineOptions options, MediaSource media) {
        this(device(options), options, media, StepBudget.DEFAULT, InstantSource.system());
    }

    GoldenEngine(EngineOptions options, StepBudget budget, InstantSource clock) {
        this(device(options), options, new GoldenMedia(GoldenEngine::golden), budget, clock);
    }

    /** @param device closed with the engine */
    GoldenEngine(Device device, EngineOptions options, StepBudget budget) {
        this(device, options, new GoldenMedia(GoldenEngine::golden), budget, InstantSource.system());
    }

    private GoldenEngine(
            Device device, EngineOptions options, MediaSource media, StepBudget budget, InstantSource clock) {
        this.device = device;
        PromptEncoder encoder = new PromptEncoder(tokenizer, ChatTemplate.open(DemoModel.model()), checkpoint.config());
        parts = new EngineParts(checkpoint, tokenizer, encoder, device, options, media, budget, clock);
        loop = new EngineLoop(parts);
    }

    private static Device device(EngineOptions options) {
        return TestDevice.open(options.precision());
    }

    Generation submit(GenerationRequest request) {
        return loop.submit(request, GenerationListener.NONE);
    }

    Generation submit(GenerationRequest request, GenerationListener listener) {
        return loop.submit(request, listener);
    }

    PromptBuilder promptBuilder() {
        return parts.prompts();
    }

    MediaStatus mediaStatus() {
        return loop.mediaStatus();
    }

    EngineStatus status() {
        return loop.status();
    }

    BlockPool pool() {
        return parts.pool();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.close();
        device.close();
        tokenizer.close();
        checkpoint.close();
    }

    static PreparedMedia golden(Part media, VisionOptions options) {
        String file = switch (media) {
            case Part.Image image -> image.file().toString();
            case Part.Video video -> video.file().toString();
            case Part.Text text -> throw new IllegalArgumentException(text.text());
        };
        String clip = file.substring(0, file.indexOf('@'));
        if (!VISION.names().contains(clip + ".vision")) {
            throw new MediaException("media-not-recognised", "There is no clip " + clip + ".");
        }
        double fps = Double.parseDouble(file.substring(file.indexOf('@') + 1));
        long[] grid = VISION.get(clip + ".grid_thw").longs();
        MediaUsed used = new MediaUsed("video", List.of(), List.of(), fps, (int) grid[1] * 14, (int) grid[2] * 14, 0);
        double secondsPerGrid = fps == 0 ? 0 : 2 / fps;
        MediaSummary summary = new MediaSummary(
                MediaKey.of(clip, used, secondsPerGrid, false, PreprocessorBounds.COSMOS_REASON1),
                media instanceof Part.Image ? "image" : "video",
                (int) grid[0],
                (int) grid[1],
                (int) grid[2],
                secondsPerGrid,
                used,
                List.of());
        return new PreparedMedia(summary, VISION.floats(clip + ".pixel_values"));
    }

    /** The prompts of the reference values. */
    static List<JsonNode> prompts() {
        return StreamSupport.stream(GoldenTensors.json("prompts").spliterator(), false)
                .toList();
    }

    static GenerationRequest request(JsonNode prompt, SamplingParameters sampling) {
        List<JsonNode> media = new ArrayList<>();
        prompt.get("media").forEach(media::add);
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : prompt.get("messages")) {
            messages.add(new Message(
                    Message.Role.valueOf(message.get("role").stringValue().toUpperCase(Locale.ROOT)),
                    parts(message.get("content"), media)));
        }
        return new GenerationRequest(
                messages,
                sampling,
                VisionOptions.DEFAULT,
                prompt.get("add_vision_id").booleanValue());
    }

    private static List<Part> parts(JsonNode content, List<JsonNode> media) {
        if (content.isString()) {
            return List.of(new Part.Text(content.stringValue()));
        }
        List<Part> parts = new ArrayList<>();
        for (JsonNode part : content) {
            if (part.get("type").stringValue().equals("text")) {
                parts.add(new Part.Text(part.get("text").stringValue()));
                continue;
            }
            JsonNode next = media.removeFirst();
            JsonNode fps = next.get("sampled_fps");
            Path file = Path.of(next.get("frames").stringValue() + "@" + (fps.isNull() ? "0" : fps.doubleValue()));
            parts.add(next.get("kind").stringValue().equals("image") ? new Part.Image(file) : new Part.Video(file));
        }
        return parts;
    }
}
