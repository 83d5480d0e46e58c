package dev.saccade.quickstart.bench.scaling;

import java.util.ArrayDeque;
import java.util.Deque;

/** How many workers KEDA and the horizontal pod autoscaler want, from the backlog that they see. */
final class Scaler {

    private final Scaling scaling;
    private final Deque<int[]> wishes = new ArrayDeque<>();
    private int lastJob = Integer.MIN_VALUE / 2;
    private int upSince;
    private int upFrom;
    private int downSince;
    private int downFrom;
    private int current;

    Scaler(Scaling scaling) {
        this.scaling = scaling;
        current = scaling.minReplicas();
    }

    /**
     * Workers that there should be.
     *
     * @param now seconds since the start, each once
     * @param backlog jobs that wait or run
     * @param workers those that are there and are not about to go
     */
    int wanted(int now, int backlog, int workers) {
        if (backlog > 0) {
            lastJob = now;
        }
        if (now % scaling.pollingSeconds() != 0) {
            return Math.max(current, scaling.minReplicas());
        }
        int wish = Math.clamp(
                Math.ceilDiv(backlog, scaling.jobsPerWorker()), scaling.minReplicas(), scaling.maxReplicas());
        wishes.addLast(new int[] {now, wish});
        while (wishes.getFirst()[0] < now - scaling.stabilizationSeconds()) {
            wishes.removeFirst();
        }
        int stable = wishes.stream().mapToInt(each -> each[1]).max().orElse(wish);
        if (wish > workers) {
            current = up(now, wish, workers);
        } else if (stable < workers) {
            current = down(now, stable, workers);
        }
        return current;
    }

    private int up(int now, int wish, int workers) {
        if (now - upSince >= scaling.upSeconds()) {
            upSince = now;
            upFrom = workers;
        }
        return Math.max(workers, Math.min(wish, upFrom + scaling.upPods()));
    }

    /** The autoscaler goes no lower than one; from there to none KEDA goes when the cool-down is over. */
    private int down(int now, int stable, int workers) {
        if (stable == 0 && workers == 1) {
            return now - lastJob >= scaling.cooldownSeconds() ? 0 : 1;
        }
        if (now - downSince >= scaling.downSeconds()) {
            downSince = now;
            downFrom = workers;
        }
        int least = (int) Math.floor(downFrom * (100 - scaling.downPercent()) / 100.0);
        return Math.min(workers, Math.max(Math.max(stable, 1), least));
    }
}
