package dev.saccade.quickstart.bench.platform;

import dev.saccade.quickstart.client.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that submit the same job again and again over HTTP. */
final class JobClients {

    private static final int CLIENTS = 16;

    private final ApiClient http;
    private final HttpRequest submission;
    private final HttpRequest submissionThatWaits;
    private final String line;

    JobClients(ApiClient http, String job) {
        this.http = http;
        submission = request(job).build();
        line = "\", \"body\": " + job.strip() + "}\n";
        submissionThatWaits = request(job).header("Prefer", "wait=30").build();
    }

    private HttpRequest.Builder request(String job) {
        return http.request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(job));
    }

    /** As fast as {@value #CLIENTS} clients can, each one POST after another. */
    void submit(int jobs) {
        var left = new AtomicInteger(jobs);
        together(CLIENTS, client -> {
            while (left.getAndDecrement() > 0) {
                post(submission, 202);
            }
        });
    }

    /** All as the lines of one batch. */
    void submitBatch(int jobs) {
        var lines = new StringBuilder(jobs * (line.length() + 24));
        for (int job = 0; job < jobs; job++) {
            lines.append("{\"custom_id\": \"").append(job).append(line);
        }
        post(
                http.request("/v1/batches")
                        .header("Content-Type", "application/jsonl")
                        .POST(BodyPublishers.ofString(lines.toString()))
                        .build(),
                202);
    }

    /**
     * At a steady rate, whatever the answers do.
     *
     * @return milliseconds from when each POST was due to its answer, in ascending order
     */
    double[] submitSteadily(int perSecond, Duration time) {
        int jobs = Math.toIntExact(perSecond * time.toSeconds());
        double[] millis = new double[jobs];
        long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begin = System.nanoTime() + interval;
        var next = new AtomicInteger();
        together(CLIENTS, client -> {
            for (int job = next.getAndIncrement(); job < jobs; job = next.getAndIncrement()) {
                long due = begin + job * interval;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                post(submission, 202);
                millis[job] = (System.nanoTime() - due) / 1e6;
            }
        });
        Arrays.sort(millis);
        return millis;
    }

    /** Submits one job and waits for its result; milliseconds. */
    double submitAndWait() {
        long begin = System.nanoTime();
        post(submissionThatWaits, 200);
        return (System.nanoTime() - begin) / 1e6;
    }

    private void post(HttpRequest request, int status) {
        try {
            var answer = http.send(request);
            if (answer.statusCode() != status) {
                throw new IllegalStateException(
                        "A job was answered with " + answer.statusCode() + ": " + new String(answer.body()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface ClientWork {
        void run(int client) throws InterruptedException;
    }

    private static void together(int clients, ClientWork work) {
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("client-", 0).factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int number = client;
                running.add(threads.submit(() -> {
                    work.run(number);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while clients were submitting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A client failed: " + e.getCause(), e);
        }
    }
}
