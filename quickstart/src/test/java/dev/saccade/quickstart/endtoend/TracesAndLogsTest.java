package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.saccade.api.ApiApplication;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import dev.saccade.worker.WorkerApplication;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import tools.jackson.databind.JsonNode;

/** API and worker as they run on their own, with a collector: what operators see of a job, and what they must not. */
class TracesAndLogsTest {

    private static final String SECRET_QUESTION = "Is it safe to turn right, Zacharias Quillfeather?";
    private static final String SECRET_FILENAME = "quillfeather-driveway.mp4";

    @TempDir
    Path temporary;

    @Test
    void oneTraceLeadsFromThePostToTheEngineAndNoLogTellsWhatWasAsked() throws Exception {
        var options = QuickstartOptions.throwaway(Fixtures.emptyFolder("traces"), new ModelOptions())
                .withoutWorker();
        try (var collector = new TraceReceiver();
                var stack = RunningStack.start(options);
                var log = Log.capture();
                var api = service(ApiApplication.class, "saccade-api", stack, collector);
                var worker = service(WorkerApplication.class, "saccade-worker", stack, collector);
                var client = new ApiClient(
                        URI.create("http://127.0.0.1:" + api.getEnvironment().getProperty("local.server.port")),
                        stack.key())) {
            Path clip = Files.copy(Fixtures.clip(), temporary.resolve(SECRET_FILENAME));
            String video = client.upload(clip, sent -> {}).path("id").asString();
            String id = client.submit(Fixtures.greedyJob(video, SECRET_QUESTION))
                    .path("id")
                    .asString();
            JsonNode job = Jobs.awaitEnd(client, id);
            assertThat(job.path("state").asString()).as(job.toPrettyString()).isEqualTo("succeeded");

            var generate = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> named(collector, "generate"),
                            found -> !found.isEmpty()
                                    && !named(collector, "http post /v1/jobs").isEmpty());
            var post = named(collector, "http post /v1/jobs").getFirst();
            var attempt = named(collector, "attempt").getFirst();
            assertThat(attempt.trace()).isEqualTo(post.trace());
            assertThat(attempt.parent()).isEqualTo(post.id());
            assertThat(generate.getFirst().trace()).isEqualTo(post.trace());
            assertThat(generate.getFirst().parent()).isEqualTo(attempt.id());
            assertThat(generate.getFirst().raw())
                    .contains("saccade.queue.ms", "saccade.media.ms", "saccade.vision.ms")
                    .contains("saccade.prefill.ms", "saccade.decode.ms");

            String uuid = id.substring("job_".length());
            assertThat(log.lines())
                    .as("the worker's line about the job")
                    .anySatisfy(line -> assertThat(line.fields())
                            .containsEntry("job", uuid)
                            .containsEntry("attempt", "1")
                            .containsEntry("traceId", post.trace())
                            .containsKey("tenant"));
            var answer = job.path("result").path("answer").asString();
            var told = List.of("Quillfeather", "quillfeather", answer, stack.key());
            assertThat(log.lines()).allSatisfy(line -> assertThat(line.text()).doesNotContain(told));
            assertThat(collector.spans())
                    .allSatisfy(span -> assertThat(span.raw()).doesNotContain(told));
            assertThat(api.getEnvironment().getProperty("management.otlp.metrics.export.url"))
                    .isNull();
        }
    }

    private static List<TraceReceiver.Span> named(TraceReceiver collector, String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .toList();
    }

    private static ConfigurableApplicationContext service(
            Class<?> application, String name, RunningStack stack, TraceReceiver collector) throws Exception {
        Map<String, Object> environment = new HashMap<>(stack.environmentOfAWorker());
        environment.put("SERVER_PORT", "0");
        environment.put("SPRING_MAIN_BANNERMODE", "off");
        environment.put("SACCADE_WORKER_MODEL", new ModelOptions().folder().toString());
        environment.put(
                "SACCADE_WORKER_CACHEDIR", Fixtures.emptyFolder("worker-cache").toString());
        environment.put("MANAGEMENT_TRACING_SAMPLING_PROBABILITY", "1.0");
        environment.put("MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT", collector.endpoint());
        environment.put("MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_SCHEDULEDELAY", "100ms");
        return new SpringApplicationBuilder(application)
                .properties("spring.config.name=" + name + ",application")
                .initializers(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", environment)))
                .run();
    }

    /** Everything that is logged at info and above, with stack traces. */
    private static final class Log extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        record Line(String text, Map<String, String> fields) {}

        private final List<Line> lines = new CopyOnWriteArrayList<>();
        private final Logger root;

        private Log() {
            var context = (LoggerContext) LoggerFactory.getILoggerFactory();
            root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            setContext(context);
        }

        static Log capture() {
            var log = new Log();
            log.start();
            log.root.setLevel(Level.INFO);
            log.root.addAppender(log);
            return log;
        }

        List<Line> lines() {
            return List.copyOf(lines);
        }

        @Override
        protected void append(ILoggingEvent event) {
            String trace =
                    event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
            lines.add(new Line(
                    event.getFormattedMessage() + event.getMDCPropertyMap() + trace,
                    Map.copyOf(event.getMDCPropertyMap())));
        }

        @Override
        public void close() {
            root.detachAppender(this);
        }
    }
}
