package dev.saccade.quickstart.bench.scaling;

/** How many jobs come a second, at each second of a run. */
sealed interface Load {

    /** Jobs a second, on average, at this second. */
    double rate(int second);

    /** @param perSecond always the same */
    record Steady(double perSecond) implements Load {
        @Override
        public double rate(int second) {
            return perSecond;
        }
    }

    /**
     * A day: nothing at night, twice the mean at noon.
     *
     * @param mean jobs a second over the day
     */
    record Diurnal(double mean) implements Load {
        private static final double DAY = 86_400;

        @Override
        public double rate(int second) {
            return mean * (1 - Math.cos(2 * Math.PI * second / DAY));
        }
    }

    /**
     * Mostly next to nothing, and every two hours ten minutes of a great deal.
     *
     * @param mean jobs a second over all
     */
    record Burst(double mean) implements Load {
        private static final int EVERY = 7_200;
        private static final int LASTS = 600;

        @Override
        public double rate(int second) {
            return second % EVERY < LASTS ? 0.95 * mean * EVERY / LASTS : 0.05 * mean;
        }
    }
}
