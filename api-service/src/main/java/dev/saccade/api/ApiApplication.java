package dev.saccade.api;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The API service alone in its process. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ApiConfiguration.class)
public class ApiApplication {

    /** Starts the service; its settings come from the environment. */
    public static void main(String[] arguments) {
        new SpringApplicationBuilder(ApiApplication.class)
                .properties("spring.config.name=saccade-api,application")
                .run(arguments);
    }
}
