package dev.saccade.quickstart.annotate;

import dev.saccade.quickstart.runs.Journal;
import dev.saccade.quickstart.runs.JsonLines;
import dev.saccade.quickstart.runs.Outcome;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.quickstart.runs.RunBar;
import dev.saccade.quickstart.runs.Runner;
import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Judges clips where that is asked for, asks the prompt about those that are good enough, and writes a line for each. */
final class Annotator {

    /** Clips are judged so many at a time, so that lines come while most are still to be judged. */
    private static final int JUDGED_TOGETHER = 500;

    private static final PromptVision VISION = new PromptVision(null, null, null, null, null, null, null, null);

    private final Question.Named wording;
    private final PromptSampling sampling;
    private final CriticOptions critic;
    private final Set<String> done = new HashSet<>();
    private final Map<String, Double> scores = new HashMap<>();

    Annotator(Question.Named wording, PromptSampling sampling, CriticOptions critic) {
        this.wording = wording;
        this.sampling = sampling;
        this.critic = critic;
    }

    /** Takes a line that is there. */
    void restoreLine(JsonNode line) {
        done.add(line.path("clip").asString(""));
    }

    /** Takes a judgement that is there. */
    void restoreJudgement(Outcome outcome) {
        if (!outcome.samples().isEmpty()) {
            scores.put(outcome.id().substring("critic:".length()), CriticOptions.score(outcome));
        }
    }

    void run(SortedMap<String, Path> clips, Runner runner, Journal journal, JsonLines out) throws IOException {
        List<String> rest =
                clips.keySet().stream().filter(clip -> !done.contains(clip)).toList();
        int step = critic.isGiven() ? JUDGED_TOGETHER : Math.max(1, rest.size());
        try (RunBar bar = new RunBar("annotate", clips.size() - rest.size(), clips.size())) {
            for (int from = 0; from < rest.size(); from += step) {
                SortedMap<String, Path> some = new TreeMap<>();
                rest.subList(from, Math.min(rest.size(), from + step)).forEach(clip -> some.put(clip, clips.get(clip)));
                Writer writer = new Writer(out, bar);
                if (critic.isGiven()) {
                    judge(some, runner, journal, writer);
                }
                annotate(some, runner, journal, writer);
            }
        }
    }

    private record Writer(JsonLines out, RunBar bar) {

        void write(Annotation annotation) throws IOException {
            out.append(annotation);
            bar.step();
        }
    }

    /** Takes clips that are not good enough, or can't be judged, out of {@code clips}. */
    private void judge(SortedMap<String, Path> clips, Runner runner, Journal journal, Writer writer)
            throws IOException {
        List<Question> questions = new ArrayList<>();
        clips.forEach((clip, file) -> {
            if (!scores.containsKey(clip)) {
                questions.add(new Question(
                        "critic:" + clip, file, critic.wording(), critic.sampling(sampling.maxTokens()), VISION));
            }
        });
        runner.run(questions, journal, writer.bar(), outcome -> {
            journal.outcome(outcome);
            restoreJudgement(outcome);
            if (outcome.samples().isEmpty()) {
                String clip = outcome.id().substring("critic:".length());
                clips.remove(clip);
                writer.write(Annotation.of(clip, outcome, null));
            }
        });
        for (String clip : List.copyOf(clips.keySet())) {
            double score = scores.getOrDefault(clip, 0.0);
            if (!critic.isGoodEnough(score)) {
                clips.remove(clip);
                writer.write(Annotation.filtered(clip, score));
            }
        }
    }

    private void annotate(SortedMap<String, Path> clips, Runner runner, Journal journal, Writer writer)
            throws IOException {
        List<Question> questions = new ArrayList<>();
        clips.forEach((clip, file) -> questions.add(new Question(clip, file, wording, sampling, VISION)));
        runner.run(
                questions,
                journal,
                writer.bar(),
                outcome -> writer.write(Annotation.of(outcome.id(), outcome, scores.get(outcome.id()))));
    }
}
