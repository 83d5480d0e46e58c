package dev.saccade.quickstart.ask;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts;
import dev.saccade.runtime.media.MediaProbe;
import dev.saccade.runtime.text.SystemPrompts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks one question about one image or clip. */
@Command(
        name = "ask",
        mixinStandardHelpOptions = true,
        description = "Asks a question about an image or a clip, in this process, without services.")
public final class AskCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MEDIA", description = "A video (mp4, webm, ...) or an image (jpg, png).")
    private Path media = Path.of("");

    @Parameters(index = "1", paramLabel = "QUESTION", description = "What to ask about it.")
    private String question = "";

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--no-reasoning", description = "Answer at once, without a chain of thought.")
    private boolean noReasoning;

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy (default: the model's own).")
    private @Nullable Double temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Makes a sampled answer repeatable.")
    private @Nullable Long seed;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Longest answer (default: up to 4096).")
    private @Nullable Integer maxTokens;

    @Option(names = "--timestamps", description = "Draw each frame's time below it.")
    private boolean timestamps;

    @Option(names = "--fps", paramLabel = "N", description = "Frames to look at for each second of video (default: 4).")
    private @Nullable Double fps;

    @Mixin
    private AnswerOptions answers = new AnswerOptions();

    @Option(names = "--json", description = "Print everything as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        if (question.isBlank()) {
            throw new UserError("the question is empty: say what you want to know about the clip");
        }
        if (!Files.isRegularFile(media)) {
            throw new UserError("there is no file " + media);
        }
        ClipFacts facts = new MediaProbe(MediaLimits.DEFAULT).probe(media);
        try (Engine engine = model.open()) {
            AskProgress progress = new AskProgress(System.err, System.console() != null && !json);
            GenerationResult result = await(engine, request(facts), progress);
            progress.finish();
            System.out.println(json ? Json.pretty(AskAnswer.of(result)) : readable(result));
        }
        return 0;
    }

    private GenerationRequest request(ClipFacts facts) {
        Part part = facts.kind() == ClipFacts.Kind.IMAGE ? new Part.Image(media) : new Part.Video(media);
        String system = noReasoning ? SystemPrompts.PLAIN : SystemPrompts.REASONING;
        VisionOptions vision = VisionOptions.DEFAULT.withTimestamps(timestamps);
        return new GenerationRequest(
                List.of(Message.system(system), Message.user(part, new Part.Text(question))),
                answers.addTo(sampling(temperature, seed, maxTokens)),
                fps == null ? vision : vision.withFps(fps),
                false);
    }

    /** The model's defaults; greedy where the temperature is 0, so that no penalty bends the likeliest token. */
    public static SamplingParameters sampling(
            @Nullable Double temperature, @Nullable Long seed, @Nullable Integer maxTokens) {
        boolean greedy = temperature != null && temperature == 0;
        return SamplingParameters.builder()
                .temperature(temperature)
                .repetitionPenalty(greedy ? 1.0 : null)
                .seed(seed)
                .maxTokens(maxTokens)
                .build();
    }

    private static GenerationResult await(Engine engine, GenerationRequest request, GenerationListener listener) {
        return engine.submit(request, listener).result().join();
    }

    private static String readable(GenerationResult result) {
        StringBuilder text = new StringBuilder();
        result.warnings()
                .forEach(warning -> text.append("Note: ").append(warning).append('\n'));
        boolean several = result.completions().size() > 1;
        for (int i = 0; i < result.completions().size(); i++) {
            Completion completion = result.completions().get(i);
            String number = several ? " " + (i + 1) : "";
            if (completion.reasoning() != null) {
                text.append("Reasoning")
                        .append(number)
                        .append(": ")
                        .append(completion.reasoning())
                        .append('\n');
            }
            text.append("Answer")
                    .append(number)
                    .append(": ")
                    .append(completion.answer())
                    .append('\n');
            completion.logprobs().forEach(token -> text.append(likelihood(token)));
        }
        return text.toString().stripTrailing();
    }

    /** A token with its probability, and what could have stood in its place. */
    private static String likelihood(TokenLogprobs token) {
        String alternatives = token.top().stream()
                .map(other -> quoted(other.text()) + " " + percent(other.logprob()))
                .collect(Collectors.joining(", "));
        return "  " + quoted(token.text()) + " " + percent(token.logprob())
                + (alternatives.isEmpty() ? "" : " of " + alternatives) + "\n";
    }

    private static String quoted(String text) {
        return '"' + text.replace("\n", "\\n") + '"';
    }

    private static String percent(double logprob) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * Math.exp(logprob));
    }
}
