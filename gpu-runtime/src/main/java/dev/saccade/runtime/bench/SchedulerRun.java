package dev.saccade.runtime.bench;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.SamplingParameters;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step costs beside the model, while many sequences decode: the engine's own account of its thread's time. */
final class SchedulerRun {

    /** Tokens of an answer before counting begins: by then the last request has its place. */
    private static final int SETTLED = 4;

    private SchedulerRun() {}

    /** Microseconds a step for plans, block tables, sampling and listeners. */
    static double microsPerStep(Engine engine, Requests requests, SamplingParameters sampling, int outputTokens) {
        List<Generation> generations = new ArrayList<>();
        Snapshots snapshots = new Snapshots(engine, outputTokens / 2);
        for (int i = 1; i <= BenchSettings.SCHEDULED; i++) {
            boolean last = i == BenchSettings.SCHEDULED;
            generations.add(engine.submit(
                    requests.ofTokens(requests.leastTokens(), outputTokens, sampling),
                    last ? snapshots : GenerationListener.NONE));
        }
        generations.forEach(
                generation -> Requests.requireLength(generation.result().join(), outputTokens));
        return snapshots.microsPerStep();
    }

    /** Reads the engine's account at two of an answer's tokens. */
    private static final class Snapshots implements GenerationListener {
        private final Engine engine;
        private final int until;
        private volatile @Nullable EngineStatus from;
        private volatile @Nullable EngineStatus to;

        Snapshots(Engine engine, int until) {
            this.engine = engine;
            this.until = until;
        }

        @Override
        public void onProgress(Phase phase, long done, long total) {
            if (phase == Phase.DECODE && done == SETTLED) {
                from = engine.status();
            } else if (phase == Phase.DECODE && done == until) {
                to = engine.status();
            }
        }

        double microsPerStep() {
            EngineStatus first = from;
            EngineStatus second = to;
            if (first == null || second == null) {
                throw new IllegalStateException("an answer of " + until + " tokens is too short to count steps");
            }
            long steps = second.steps().count() - first.steps().count();
            long nanos = second.steps().planningNanos()
                    + second.steps().samplingNanos()
                    - first.steps().planningNanos()
                    - first.steps().samplingNanos();
            return nanos / 1e3 / steps;
        }
    }
}
