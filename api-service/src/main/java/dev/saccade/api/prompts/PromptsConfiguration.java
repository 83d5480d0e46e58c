package dev.saccade.api.prompts;

import dev.saccade.ledger.prompts.TenantPrompts;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/prompts}. */
@Configuration(proxyBeanMethods = false)
@Import(PromptController.class)
public class PromptsConfiguration {

    @Bean
    PromptLookup apiPromptLookup(TenantPrompts prompts) {
        return new PromptLookup(prompts);
    }
}
