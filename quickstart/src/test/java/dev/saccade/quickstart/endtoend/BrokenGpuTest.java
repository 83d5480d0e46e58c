package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Workers on an emulated GPU, as processes of their own. */
class BrokenGpuTest {

    private static final int JOBS = 8;
    private static final int SLOTS = 2;

    /** Enough to start and to read the first prompts, less than all jobs take. */
    private static final int LAUNCHES = 1_500;

    @Test
    void aWorkerWhoseGpuBreaksEndsAndAnotherFinishesItsJobs() throws Exception {
        try (RunningStack stack = stack();
                ApiClient client = stack.client()) {
            String video = client.upload(Fixtures.clip(), sent -> {}).path("id").asString();
            Jobs jobs = Jobs.submit(client, video, JOBS);
            JdbcTemplate database = stack.database();

            try (JavaChild broken = worker(stack, EmulatedGpu.thatBreaksAfter(LAUNCHES))) {
                assertThat(broken.awaitExit()).as(broken.printed()).isEqualTo(3);
                assertThat(broken.printed())
                        .contains("The model runs on emulated device")
                        .containsPattern("CUDA_ERROR_ILLEGAL_ADDRESS \\(700\\) for: one of the kernels \\w+")
                        .contains("The engine has failed: this worker takes no more jobs");
            }

            assertThat(count(database, "true")).isEqualTo(JOBS);
            assertThat(count(database, "state in ('QUEUED', 'SUCCEEDED')"))
                    .as("every job waits again, or was done before")
                    .isEqualTo(JOBS);
            assertThat(count(database, "failed_attempts > 0"))
                    .as("only those that the engine was at have cost an attempt")
                    .isBetween(1L, (long) SLOTS);
            assertThat(count(database, "failed_attempts > 1")).isZero();

            try (JavaChild second = worker(stack, Map.of("SACCADE_WORKER_DEVICE", "cpu"))) {
                jobs.awaitAllSucceeded(client);
                assertThat(second.isAlive()).isTrue();
            }
            Ledger.assertEveryJobEndedExactlyOnce(database, JOBS);
        }
    }

    @Test
    void aWorkerWhoseGpuHasTooLittleMemoryPrintsThePlanAndWhatWouldFit() throws Exception {
        long memory = 2_030_000_000; // all but the cache of 32,768 tokens, 84 MB, fits
        try (RunningStack stack = stack();
                JavaChild worker = worker(stack, EmulatedGpu.withMemory(memory))) {
            assertThat(worker.awaitExit()).as(worker.printed()).isEqualTo(2);
            assertThat(worker.printed())
                    .contains("The model can't be run: The model does not fit emulated device:")
                    .containsPattern("KV cache of 32,768 tokens, 2,560 bytes each +0\\.08 GB")
                    .containsPattern("memory +1\\.\\d+ GB")
                    .containsPattern("It does not fit; a KV cache of [\\d,]+ tokens would")
                    .doesNotContain("\tat dev.saccade");
        }
    }

    private static RunningStack stack() throws Exception {
        return RunningStack.start(QuickstartOptions.throwaway(Fixtures.emptyFolder("broken-gpu"), new ModelOptions())
                .withoutWorker());
    }

    private static JavaChild worker(RunningStack stack, Map<String, String> environment) throws Exception {
        return KilledWorkerTest.worker(stack, SLOTS, environment);
    }

    private static long count(JdbcTemplate database, String condition) {
        Long count = database.queryForObject("select count(*) from job where " + condition, Long.class);
        return count == null ? -1 : count;
    }
}
