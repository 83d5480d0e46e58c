package dev.saccade.api.critiques;

import dev.saccade.api.jobs.JobIntake;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/critiques}. */
@Configuration(proxyBeanMethods = false)
@Import(CritiqueController.class)
public class CritiquesConfiguration {

    @Bean
    CritiqueIntake apiCritiqueIntake(JobIntake jobs) {
        return new CritiqueIntake(jobs);
    }
}
