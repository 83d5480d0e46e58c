package dev.saccade.worker;

import dev.saccade.ledger.LedgerConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The worker on its own: takes jobs from the broker; its only HTTP is health on port 8081. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({LedgerConfiguration.class, WorkerConfiguration.class})
public class WorkerApplication {

    /** Exit code 2: the model can't be run, as it is or on this device; 1: anything else failed at start; 3: the engine failed later. */
    public static void main(String[] arguments) {
        var application = application();
        try {
            application.run(arguments);
        } catch (RuntimeException e) {
            // the reporters have said what is wrong
            System.exit(UnusableModelReporter.engineException(e).isPresent() ? 2 : 1);
        }
    }

    /** With this module's defaults, which a file application.properties or the environment override. */
    static SpringApplication application() {
        return new SpringApplicationBuilder(WorkerApplication.class)
                .listeners(new EndWhenBroken())
                .properties("spring.config.name=saccade-worker,application")
                .application();
    }
}
