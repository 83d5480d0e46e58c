package dev.saccade.starter;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Opens the model while the application starts, and closes it with the context. */
@AutoConfiguration
@ConditionalOnMissingBean(Engine.class)
@EnableConfigurationProperties(EngineProperties.class)
public final class EngineAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    EngineOptions saccadeEngineOptions(EngineProperties saccade) {
        return saccade.options();
    }

    @Bean
    Engine saccadeEngine(EngineProperties saccade, EngineOptions options) {
        if (saccade.model() == null) {
            throw UnusableEngineException.noModel();
        }
        try {
            return Engine.open(saccade.model(), options);
        } catch (EngineException problem) {
            throw UnusableEngineException.of(saccade.model(), problem);
        }
    }
}
