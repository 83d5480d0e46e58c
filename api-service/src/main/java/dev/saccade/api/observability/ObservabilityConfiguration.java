package dev.saccade.api.observability;

import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.sweeping.Sweeper;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.tracing.CurrentTrace;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The beans that watch the others. */
@Configuration(proxyBeanMethods = false)
public class ObservabilityConfiguration {

    @Bean
    CurrentTrace apiRequestTrace(ObjectProvider<Tracer> tracers) {
        return new RequestTrace(tracers);
    }

    @Bean
    ApiMeters apiMeters(JobLedger jobs, OutboxRelay relay, Sweeper sweeper) {
        return new ApiMeters(jobs, relay, sweeper);
    }

    @Bean
    WebMvcConfigurer apiLogFields() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(new LogFields());
            }
        };
    }
}
