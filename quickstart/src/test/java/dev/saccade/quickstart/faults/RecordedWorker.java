package dev.saccade.quickstart.faults;

import dev.saccade.ledger.LedgerConfiguration;
import dev.saccade.worker.WorkerConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The worker's program as it is, with a {@link RecordedEngine} in the engine's place. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({LedgerConfiguration.class, WorkerConfiguration.class})
class RecordedWorker {

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(RecordedWorker.class)
                .properties("spring.config.name=saccade-worker,application")
                .run(arguments);
    }

    @Bean
    RecordedEngine recordedEngine() {
        return new RecordedEngine();
    }
}
