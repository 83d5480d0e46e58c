package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.api.prompts.PromptLookup;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.PromptUse;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.StructuredOutputs;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptException;
import dev.saccade.runtime.prompts.RenderedPrompt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a submission asks with the prompt that it names: texts, and defaults where it gives no options of its own. */
final class PromptExpansion {

    private final Prompt prompt;
    private final RenderedPrompt rendered;
    private final PromptUse use;
    private final Sampling sampling;
    private final Vision vision;

    private PromptExpansion(Prompt prompt, RenderedPrompt rendered, PromptUse use, Sampling sampling, Vision vision) {
        this.prompt = prompt;
        this.rendered = rendered;
        this.use = use;
        this.sampling = sampling;
        this.vision = vision;
    }

    PromptUse use() {
        return use;
    }

    Sampling sampling() {
        return sampling;
    }

    Vision vision() {
        return vision;
    }

    /** Null where the call can't be taken, which is noted. */
    static @Nullable PromptExpansion of(
            JobSubmission job,
            PromptCall call,
            BiFunction<String, @Nullable Integer, Optional<PromptLookup.Found>> finder,
            Violations violations) {
        if (call.name() == null) {
            violations.add("unknown-prompt", "/prompt/name", "Give the prompt's name, as GET /v1/prompts lists it.");
            return null;
        }
        var found = finder.apply(call.name(), call.version());
        if (found.isEmpty()) {
            boolean otherVersion =
                    call.version() != null && finder.apply(call.name(), null).isPresent();
            violations.add(
                    otherVersion ? "unknown-prompt-version" : "unknown-prompt",
                    otherVersion ? "/prompt/version" : "/prompt/name",
                    "There is no such prompt" + (otherVersion ? " version" : "") + ". GET /v1/prompts lists all.");
            return null;
        }
        return of(job, call, found.get(), violations);
    }

    private static @Nullable PromptExpansion of(
            JobSubmission job, PromptCall call, PromptLookup.Found found, Violations violations) {
        ObjectNode arguments = ApiJson.MAPPER.valueToTree(Objects.requireNonNullElse(call.arguments(), Map.of()));
        Map<String, JsonNode> given = new HashMap<>();
        arguments.properties().forEach(one -> given.put(one.getKey(), one.getValue()));
        Prompt prompt = found.prompt();
        RenderedPrompt rendered;
        try {
            rendered = prompt.render(given, job.reasoning());
        } catch (PromptException wrong) {
            wrong.problems()
                    .forEach(problem -> violations.add(
                            problem.code(),
                            problem.pointer().startsWith("/arguments")
                                    ? "/prompt" + problem.pointer()
                                    : problem.pointer(),
                            problem.detail()));
            return null;
        }
        Sampling asked = Objects.requireNonNullElse(job.sampling(), Sampling.DEFAULT);
        var use = new PromptUse(
                prompt.name(),
                prompt.version(),
                found.own(),
                ApiJson.MAPPER.writeValueAsString(arguments),
                rendered.contract().write(),
                job.reasoning(),
                asked.logprobs() != null);
        return new PromptExpansion(
                prompt,
                rendered,
                use,
                sampling(rendered, asked, violations),
                vision(rendered, Objects.requireNonNullElse(job.vision(), Vision.DEFAULT)));
    }

    private static Sampling sampling(RenderedPrompt rendered, Sampling asked, Violations violations) {
        ObjectNode merged = merged(rendered.sampling(), asked);
        StructuredOutputs form = form(rendered.structuredOutput());
        if (form != null) {
            if (asked.structuredOutputs() != null) {
                violations.add(
                        "prompt-fixes-output",
                        "/sampling/structured_outputs",
                        "The prompt says what its answers look like. Leave structured_outputs out.");
            }
            merged.set("structured_outputs", ApiJson.MAPPER.valueToTree(form));
        }
        return ApiJson.MAPPER.treeToValue(merged, Sampling.class);
    }

    private static @Nullable StructuredOutputs form(@Nullable StructuredOutput form) {
        return switch (form) {
            case null -> null;
            case StructuredOutput.JsonSchema(String schema) -> new StructuredOutputs(schema, null, null);
            case StructuredOutput.Regex(String pattern) -> new StructuredOutputs(null, pattern, null);
            case StructuredOutput.Choice(List<String> options) -> new StructuredOutputs(null, null, options);
        };
    }

    private static Vision vision(RenderedPrompt rendered, Vision asked) {
        ObjectNode defaults = ApiJson.MAPPER.valueToTree(rendered.vision());
        if (asked.nframes() != null) {
            defaults.remove(List.of("fps", "min_frames", "max_frames"));
        }
        if (asked.fps() != null) {
            defaults.remove("nframes");
        }
        return ApiJson.MAPPER.treeToValue(merged(defaults, asked), Vision.class);
    }

    /** What is asked for counts; the prompt's own values stand where nothing is. */
    private static ObjectNode merged(Object defaults, Object asked) {
        ObjectNode merged = ApiJson.MAPPER.valueToTree(defaults);
        ObjectNode over = ApiJson.MAPPER.valueToTree(asked);
        over.properties().forEach(field -> merged.set(field.getKey(), field.getValue()));
        return merged;
    }

    /** The system's turn and the user's, with the media first. */
    List<RequestMessage> messages(List<ContentPart> media, Texts texts, Violations violations) {
        texts.check(rendered.user(), "/prompt/arguments");
        Prompt.Media allowed = prompt.media();
        if (media.size() < allowed.min() || media.size() > allowed.max()) {
            violations.add(
                    "prompt-media",
                    "/video",
                    "The prompt %s is about %s, not %d. Give them as video, or as parts of one user's message."
                            .formatted(prompt.name(), count(allowed), media.size()));
        }
        boolean video = media.stream().anyMatch(ContentPart.Video.class::isInstance);
        boolean image = media.stream().anyMatch(ContentPart.Image.class::isInstance);
        if ((video && !allowed.videos()) || (image && !allowed.images())) {
            violations.add(
                    "prompt-media",
                    "/video",
                    "The prompt " + prompt.name() + " takes " + (allowed.videos() ? "videos" : "images") + " only.");
        }
        List<ContentPart> user = new ArrayList<>(media);
        user.add(new ContentPart.Text(rendered.user()));
        return List.of(
                new RequestMessage("system", List.of(new ContentPart.Text(rendered.system()))),
                new RequestMessage("user", user));
    }

    private static String count(Prompt.Media allowed) {
        String kinds = Stream.of(allowed.videos() ? "videos" : "", allowed.images() ? "images" : "")
                .filter(kind -> !kind.isEmpty())
                .reduce((one, other) -> one + " or " + other)
                .orElse("media");
        return allowed.min() == allowed.max()
                ? allowed.min() + " " + kinds
                : allowed.min() + " to " + allowed.max() + " " + kinds;
    }
}
