package dev.saccade.api.critiques;

import dev.saccade.api.jobs.JobIntake;
import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.jobs.PromptCall;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.tenants.Caller;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Checks a critique and makes a job of each of its clips. */
final class CritiqueIntake {

    private static final String CRITIC = "video_critic";
    private static final int MOST_CLIPS = 64;
    private static final int MOST_SAMPLES = 64;

    private final JobIntake jobs;

    CritiqueIntake(JobIntake jobs) {
        this.jobs = jobs;
    }

    /** @throws ProblemException with JSON pointers to what is wrong */
    List<NewJob> accept(Caller caller, CritiqueRequest critique) {
        List<@Nullable String> videos = critique.videos();
        if (videos == null || videos.isEmpty() || videos.size() > MOST_CLIPS || videos.contains(null)) {
            throw ProblemException.invalid(
                    "videos-empty", "/videos", "Give the ids of 1 to " + MOST_CLIPS + " videos.");
        }
        if (critique.n() != null && (critique.n() < 1 || critique.n() > MOST_SAMPLES)) {
            throw ProblemException.invalid("invalid-n", "/n", "Give n as a number from 1 to " + MOST_SAMPLES + ".");
        }
        List<NewJob> work = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < videos.size(); i++) {
            String video = String.valueOf(videos.get(i));
            if (!seen.add(video)) {
                throw ProblemException.invalid("video-repeated", "/videos/" + i, "This video is there twice.");
            }
            work.add(job(caller, critique, video, "/videos/" + i));
        }
        return work;
    }

    private NewJob job(Caller caller, CritiqueRequest critique, String video, String place) {
        PromptCall asked = critique.prompt();
        PromptCall call = asked == null
                ? new PromptCall(CRITIC, null, null)
                : new PromptCall(asked.name() == null ? CRITIC : asked.name(), asked.version(), asked.arguments());
        try {
            return jobs.accept(
                    caller,
                    JobSubmission.of(
                            video, call, sampling(critique), critique.vision(), critique.priority(), critique.tags()));
        } catch (ProblemException wrong) {
            Problem problem = wrong.problem();
            List<Violation> violations = problem.errors().stream()
                    .map(one -> one.pointer().equals("/video") ? new Violation(place, one.detail()) : one)
                    .toList();
            throw new ProblemException(problem.status(), problem.code(), problem.detail(), violations);
        }
    }

    private static @Nullable Sampling sampling(CritiqueRequest critique) {
        if (critique.n() == null) {
            return critique.sampling();
        }
        ObjectNode sampling = critique.sampling() == null
                ? ApiJson.MAPPER.createObjectNode()
                : ApiJson.MAPPER.valueToTree(critique.sampling());
        return ApiJson.MAPPER.treeToValue(sampling.put("n", critique.n()), Sampling.class);
    }
}
