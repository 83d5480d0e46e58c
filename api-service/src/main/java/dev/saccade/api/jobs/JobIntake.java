package dev.saccade.api.jobs;

import dev.saccade.api.jobs.JobSubmission.Priority;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.api.prompts.PromptLookup;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoView;
import dev.saccade.ledger.webhooks.WebhookView;
import dev.saccade.ledger.webhooks.Webhooks;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Checks a submission in one pass and makes it the job that the ledger stores. */
public final class JobIntake {

    private static final int MOST_TAGS = 16;
    private static final int LONGEST_TAG = 64;
    /** What PostgreSQL and RFC 3339 both can hold. */
    static final Instant FAR = Instant.parse("9999-12-31T00:00:00Z");

    private final VideoLedger videos;
    private final Webhooks webhooks;
    private final PromptLookup prompts;
    private final JobLimits limits;
    private final Clock clock;

    public JobIntake(VideoLedger videos, Webhooks webhooks, PromptLookup prompts, JobLimits limits, Clock clock) {
        this.videos = videos;
        this.webhooks = webhooks;
        this.prompts = prompts;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Reads and checks one submission document, such as a line of a batch.
     *
     * @param json what {@code POST /v1/jobs} takes
     * @throws ProblemException with JSON pointers to everything that is wrong
     */
    public NewJob accept(Caller caller, String json) {
        JobSubmission job;
        try {
            job = ApiJson.MAPPER.readValue(json, JobSubmission.class);
        } catch (JacksonException unreadable) {
            throw ProblemTranslator.unreadable(unreadable);
        }
        if (job == null) {
            throw new ProblemException(400, "malformed-json", "Send a JSON object.");
        }
        return accept(caller, job);
    }

    /**
     * Checks a submission.
     *
     * @throws ProblemException with JSON pointers to everything that is wrong
     */
    public NewJob accept(Caller caller, JobSubmission job) {
        return accept(caller, job, id -> videos.find(caller.tenantId(), id), prompts(caller));
    }

    /**
     * Checks submissions that come together: what media they name is asked once for all.
     *
     * @return in their order, each a {@link NewJob} or what it throws
     */
    public List<Supplier<NewJob>> acceptAll(Caller caller, List<JobSubmission> jobs) {
        var ids = jobs.stream().flatMap(job -> job.media(limits.maxMedia())).collect(Collectors.toSet());
        Map<UUID, VideoView> known = videos.findAll(caller.tenantId(), ids).stream()
                .collect(Collectors.toMap(VideoView::id, Function.identity()));
        var named = prompts(caller);
        return jobs.stream()
                .<Supplier<NewJob>>map(
                        job -> () -> accept(caller, job, id -> Optional.ofNullable(known.get(id)), named))
                .toList();
    }

    /** Each name and version is looked up once. */
    private BiFunction<String, @Nullable Integer, Optional<PromptLookup.Found>> prompts(Caller caller) {
        record Named(String name, @Nullable Integer version) {}
        Map<Named, Optional<PromptLookup.Found>> seen = new HashMap<>();
        return (name, version) ->
                seen.computeIfAbsent(new Named(name, version), named -> prompts.find(caller.tenantId(), name, version));
    }

    private NewJob accept(
            Caller caller,
            JobSubmission job,
            Function<UUID, Optional<VideoView>> finder,
            BiFunction<String, @Nullable Integer, Optional<PromptLookup.Found>> named) {
        Violations violations = new Violations();
        PromptExpansion prompt = job.prompt() == null ? null : PromptExpansion.of(job, job.prompt(), named, violations);
        Sampling sampling =
                prompt == null ? Objects.requireNonNullElse(job.sampling(), Sampling.DEFAULT) : prompt.sampling();
        Vision vision = prompt == null ? Objects.requireNonNullElse(job.vision(), Vision.DEFAULT) : prompt.vision();
        EngineChecks.sampling(sampling, limits.maxTokens(), violations);
        EngineChecks.vision(vision, violations);
        deadlines(job, violations);
        List<String> tags = tags(job.tags(), violations);
        Texts texts = new Texts(violations, limits.maxCharacters());
        MediaLookup media = new MediaLookup(finder, limits.maxMedia(), violations);
        List<RequestMessage> messages =
                new Conversation(violations, texts, media, limits.maxMessages()).of(job, prompt);
        UUID webhook = webhook(caller, job.webhook(), violations);
        violations.refuse();
        Priority priority = Objects.requireNonNullElse(job.priority(), Priority.STANDARD);
        return new NewJob(
                caller.tenantId(),
                caller.actor(),
                Urgency.valueOf(priority.name()),
                new JobRequest(messages, sampling, vision, Boolean.TRUE.equals(job.numberMedia()))
                        .withPrompt(prompt == null ? null : prompt.use()),
                job.startBy(),
                job.finishBy(),
                tags,
                webhook);
    }

    /** Another tenant's is unknown here. */
    private @Nullable UUID webhook(Caller caller, @Nullable String id, Violations violations) {
        if (id == null) {
            return null;
        }
        UUID found = ExternalId.WEBHOOK
                .parse(id)
                .flatMap(known -> webhooks.find(caller.tenantId(), known))
                .map(WebhookView::id)
                .orElse(null);
        if (found == null) {
            violations.add(
                    "unknown-webhook", "/webhook", "There is no such webhook. Register it first, or check its id.");
        }
        return found;
    }

    private void deadlines(JobSubmission job, Violations violations) {
        deadline(job.startBy(), "/start_by", violations);
        deadline(job.finishBy(), "/finish_by", violations);
        if (job.startBy() != null && job.finishBy() != null && job.finishBy().isBefore(job.startBy())) {
            violations.add("invalid-deadline", "/finish_by", "finish_by lies before start_by.");
        }
    }

    private void deadline(@Nullable Instant deadline, String pointer, Violations violations) {
        if (deadline != null && (!deadline.isAfter(clock.instant()) || deadline.isAfter(FAR))) {
            violations.add("invalid-deadline", pointer, "Give a time in the future; the job could never be done.");
        }
    }

    private static List<String> tags(@Nullable List<@Nullable String> given, Violations violations) {
        List<String> tags = new ArrayList<>();
        if (given == null) {
            return tags;
        }
        if (given.size() > MOST_TAGS) {
            violations.add("invalid-tag", "/tags", "Give at most " + MOST_TAGS + " tags.");
            return tags;
        }
        for (int i = 0; i < given.size(); i++) {
            String tag = given.get(i);
            if (tag == null || tag.isBlank() || tag.length() > LONGEST_TAG || !isPrintable(tag)) {
                violations.add(
                        "invalid-tag",
                        "/tags/" + i,
                        "Give 1 to " + LONGEST_TAG + " characters, none of them a control character.");
            } else if (!tags.contains(tag)) {
                tags.add(tag);
            }
        }
        return tags;
    }

    private static boolean isPrintable(String tag) {
        return Texts.isStorable(tag) && tag.codePoints().noneMatch(Character::isISOControl);
    }
}
