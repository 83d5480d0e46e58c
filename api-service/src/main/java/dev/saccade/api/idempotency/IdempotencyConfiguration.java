package dev.saccade.api.idempotency;

import dev.saccade.ledger.idempotency.IdempotentAnswers;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;

/** Idempotency keys: the filter, the answer, and the header in the OpenAPI document. */
@Configuration(proxyBeanMethods = false)
public class IdempotencyConfiguration {

    @Bean
    Idempotency apiIdempotency(ObjectProvider<IdempotentAnswers> answers) {
        return new Idempotency(answers::getObject);
    }

    /** Behind the filter that bounds the body. */
    @Bean
    FilterRegistrationBean<BodyDigestFilter> apiBodyDigestFilter() {
        var registration = new FilterRegistrationBean<>(new BodyDigestFilter());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 40);
        return registration;
    }

    @Bean
    @Lazy
    GlobalOperationCustomizer apiIdempotencyHeader() {
        return (operation, handler) -> {
            if (handler.hasMethodAnnotation(Idempotent.class)) {
                operation.addParametersItem(new HeaderParameter()
                        .name(Idempotency.KEY)
                        .description("The same key with the same body gets the first answer again, for 24 hours")
                        .schema(new StringSchema().minLength(1).maxLength(255).pattern("^[!-~]+$")));
            }
            return operation;
        };
    }
}
