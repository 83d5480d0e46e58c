package dev.saccade.quickstart.bench.scaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** One run. */
final class Fleet {

    private final Work work;
    private final Scaler scaler;
    private final SplittableRandom random;
    private final Deque<Integer> queue = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Integer> waits = new ArrayList<>();
    private long slotSeconds;
    private long busySeconds;
    private int mostWorkers;

    private Fleet(Work work, Scaling scaling) {
        this.work = work;
        scaler = new Scaler(scaling);
        random = new SplittableRandom(work.seed());
    }

    static Outcome run(Work work, Scaling scaling) {
        var fleet = new Fleet(work, scaling);
        for (int second = 0; second < work.seconds(); second++) {
            fleet.step(second);
        }
        return fleet.outcome();
    }

    private void step(int now) {
        for (int jobs = arrivals(work.load().rate(now)); jobs > 0; jobs--) {
            queue.add(now);
        }
        int running = 0;
        for (Iterator<Worker> each = workers.iterator(); each.hasNext(); ) {
            Worker worker = each.next();
            worker.finish(now);
            if (worker.draining && worker.ends.isEmpty()) {
                each.remove();
            }
            running += worker.ends.size();
        }
        int kept = (int) workers.stream().filter(worker -> !worker.draining).count();
        resize(now, scaler.wanted(now, queue.size() + running, kept) - kept);
        for (Worker worker : workers) {
            while (!worker.draining && worker.readyAt <= now && worker.ends.size() < work.slots() && !queue.isEmpty()) {
                waits.add(now - queue.remove());
                worker.ends.add(now
                        + Math.max(1, (int) Math.round(-work.jobSeconds() * Math.log1p(-random.nextDouble()))));
            }
            slotSeconds += work.slots();
            busySeconds += worker.ends.size();
        }
        mostWorkers = Math.max(mostWorkers, workers.size());
    }

    /** Those that have come last go first, as Kubernetes chooses: what is not ready, then what is youngest. */
    private void resize(int now, int more) {
        for (int i = 0; i < more; i++) {
            workers.add(new Worker(now + work.loadSeconds()));
        }
        for (int i = workers.size() - 1; i >= 0 && more < 0; i--) {
            if (!workers.get(i).draining) {
                workers.get(i).draining = true;
                more++;
            }
        }
    }

    /** Drawn by Knuth's method, in parts where many are expected. */
    private int arrivals(double expected) {
        int count = 0;
        for (double left = expected; left > 0; left -= 30) {
            double limit = Math.exp(-Math.min(30, left));
            for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
                count++;
            }
        }
        return count;
    }

    private Outcome outcome() {
        int[] sorted = waits.stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(sorted);
        return new Outcome(
                sorted.length,
                percentile(sorted, 0.5),
                percentile(sorted, 0.99),
                slotSeconds / (double) work.slots() / 3600,
                slotSeconds == 0 ? 0 : busySeconds / (double) slotSeconds,
                mostWorkers);
    }

    private static double percentile(int[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static final class Worker {
        final int readyAt;
        final PriorityQueue<Integer> ends = new PriorityQueue<>();
        boolean draining;

        Worker(int readyAt) {
            this.readyAt = readyAt;
        }

        void finish(int now) {
            for (Integer end = ends.peek(); end != null && end <= now; end = ends.peek()) {
                ends.remove();
            }
        }
    }
}
