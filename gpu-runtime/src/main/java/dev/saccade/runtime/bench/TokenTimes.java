package dev.saccade.runtime.bench;

import dev.saccade.runtime.GenerationListener;
import java.util.Arrays;

/** When a request was submitted, and when each of its tokens came. */
final class TokenTimes implements GenerationListener {

    private final long submitted = System.nanoTime();
    private final long[] times; // by token, guarded by this

    TokenTimes(int tokens) {
        this.times = new long[tokens];
    }

    @Override
    public synchronized void onProgress(Phase phase, long done, long total) {
        if (phase == Phase.DECODE && done > 0 && done <= times.length) {
            times[(int) done - 1] = System.nanoTime();
        }
    }

    synchronized double firstMillis() {
        return (times[0] - submitted) / 1e6;
    }

    synchronized long first() {
        return times[0];
    }

    synchronized long last() {
        return times[times.length - 1];
    }

    /** Tokens that came after {@code from}, until {@code to}. */
    synchronized long between(long from, long to) {
        return Arrays.stream(times).filter(time -> time > from && time <= to).count();
    }

    /** Milliseconds between neighbouring tokens. */
    synchronized double[] gaps() {
        double[] gaps = new double[times.length - 1];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = (times[i + 1] - times[i]) / 1e6;
        }
        return gaps;
    }
}
