package dev.saccade.quickstart.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Where the time went, from the start of the process to the answer. */
final class TimeTable {

    private static final int BAR = 30;

    private final Map<String, Double> seconds;
    private final double total;

    private TimeTable(Map<String, Double> seconds, double total) {
        this.seconds = seconds;
        this.total = total;
    }

    /**
     * Takes a finished job's own timings apart.
     *
     * @param total from the start of the process to the answer
     */
    static TimeTable of(Duration start, Duration upload, JsonNode job, Duration total) {
        JsonNode timings = job.path("result").path("timings");
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("start", start.toMillis() / 1e3);
        seconds.put("upload", upload.toMillis() / 1e3);
        seconds.put("queue", waited(job) + millis(timings, "queue") / 1e3);
        for (String phase : new String[] {"media", "vision", "prefill", "decode"}) {
            seconds.put(phase, millis(timings, phase) / 1e3);
        }
        double all = total.toMillis() / 1e3;
        double known =
                seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        seconds.put("other", Math.max(0, all - known));
        return new TimeTable(seconds, all);
    }

    private static double waited(JsonNode job) {
        Instant created = Instant.parse(job.path("created_at").asString());
        Instant started = Instant.parse(job.path("started_at").asString());
        return Math.max(0, Duration.between(created, started).toMillis() / 1e3);
    }

    private static double millis(JsonNode timings, String phase) {
        return timings.path(phase + "_millis").asDouble(0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        seconds.forEach((phase, time) -> text.append(line(phase, time)));
        return text.append(String.format(Locale.ROOT, "  %-8s %6.2f s%n", "total", total))
                .toString();
    }

    private String line(String phase, double time) {
        int length = total == 0 ? 0 : (int) Math.round(Math.min(1, time / total) * BAR);
        return String.format(Locale.ROOT, "  %-8s %6.2f s  %s", phase, time, "#".repeat(length))
                        .stripTrailing()
                + System.lineSeparator();
    }
}
