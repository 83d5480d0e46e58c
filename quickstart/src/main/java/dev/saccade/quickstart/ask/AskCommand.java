package dev.saccade.quickstart.ask;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.runs.PromptCalls;
import dev.saccade.quickstart.runs.PromptOptions;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts;
import dev.saccade.runtime.media.MediaProbe;
import dev.saccade.runtime.prompts.ParsedOutput;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.PromptVision;
import dev.saccade.runtime.prompts.RenderedPrompt;
import dev.saccade.runtime.prompts.WrittenOutput;
import dev.saccade.runtime.text.SystemPrompts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
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

    @Parameters(index = "1", paramLabel = "QUESTION", arity = "0..1", description = "What to ask about it.")
    private @Nullable String question;

    @Mixin
    private PromptOptions prompt = new PromptOptions();

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
        if (prompt.isGiven() ? question != null : question == null || question.isBlank()) {
            throw new UserError(
                    prompt.isGiven()
                            ? "give a question or --prompt, not both"
                            : "the question is empty: say what you want to know about the clip, or give --prompt");
        }
        if (!Files.isRegularFile(media)) {
            throw new UserError("there is no file " + media);
        }
        ClipFacts facts = new MediaProbe(MediaLimits.DEFAULT).probe(media);
        boolean image = facts.kind() == ClipFacts.Kind.IMAGE;
        RenderedPrompt named = prompt.isGiven() ? named(image) : null;
        GenerationRequest request = named == null ? request(image) : request(image, named);
        try (Engine engine = model.open()) {
            AskProgress progress = new AskProgress(System.err, System.console() != null && !json);
            GenerationResult result = await(engine, request, progress);
            progress.finish();
            Function<Completion, @Nullable ParsedOutput> parser = completion -> named == null
                    ? null
                    : PromptCatalogue.parse(named.contract(), WrittenOutput.of(completion, result));
            System.out.println(json ? Json.pretty(AskAnswer.of(result, parser)) : readable(result, parser));
        }
        return 0;
    }

    private Part part(boolean image) {
        return image ? new Part.Image(media) : new Part.Video(media);
    }

    private GenerationRequest request(boolean image) {
        String system = noReasoning ? SystemPrompts.PLAIN : SystemPrompts.REASONING;
        VisionOptions vision = VisionOptions.DEFAULT.withTimestamps(timestamps);
        return new GenerationRequest(
                List.of(
                        Message.system(system),
                        Message.user(part(image), new Part.Text(Objects.requireNonNullElse(question, "")))),
                answers.addTo(PromptCalls.sampling(temperature, seed, maxTokens).parameters()),
                fps == null ? vision : vision.withFps(fps),
                false);
    }

    private RenderedPrompt named(boolean image) {
        Question.Named named = prompt.named(noReasoning ? false : null);
        PromptCalls.refusal(named, image).ifPresent(sentence -> {
            throw new UserError(sentence);
        });
        return PromptCalls.render(
                named,
                PromptCalls.sampling(temperature, seed, maxTokens),
                new PromptVision(fps, null, null, null, null, null, null, timestamps ? true : null));
    }

    private GenerationRequest request(boolean image, RenderedPrompt named) {
        GenerationRequest request = named.request(List.of(part(image)));
        return new GenerationRequest(request.messages(), answers.addTo(request.sampling()), request.vision(), false);
    }

    private static GenerationResult await(Engine engine, GenerationRequest request, GenerationListener listener) {
        return engine.submit(request, listener).result().join();
    }

    private String readable(GenerationResult result, Function<Completion, @Nullable ParsedOutput> parser) {
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
            ParsedOutput parsed = parser.apply(completion);
            if (parsed != null) {
                text.append(parsed.structure() == null ? "Not read" : "Parsed")
                        .append(number)
                        .append(": ")
                        .append(parsed.structure() == null ? parsed.error() : parsed.json())
                        .append('\n');
            }
            if (answers.areLikelihoodsWanted()) {
                completion.logprobs().forEach(token -> text.append(likelihood(token)));
            }
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
