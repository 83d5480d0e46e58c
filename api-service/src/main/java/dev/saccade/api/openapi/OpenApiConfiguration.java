package dev.saccade.api.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Lazy;
import tools.jackson.databind.JsonNode;

/** The document at {@code /v3/api-docs}. Nothing of it is built before it is first asked for. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {

    @Bean
    static LazySpringdoc lazySpringdoc() {
        return new LazySpringdoc();
    }

    /** springdoc asks for this bean first; its registrar of converters works by being made. */
    @Bean
    @Lazy
    @DependsOn("modelConverterRegistrar")
    OpenAPI openApi() {
        return ApiDescription.create();
    }

    @Bean
    @Lazy
    OpenApiCustomizer problemResponses() {
        return new ProblemResponses();
    }

    @Bean
    @Lazy
    OpenApiCustomizer optionalFields() {
        return new OptionalFields();
    }

    @Bean
    @Lazy
    OpenApiCustomizer severalTypes() {
        return new SeveralTypes();
    }

    /** springdoc reads our records with Jackson 2, which has to be told their names in JSON. */
    @Bean
    @Lazy
    ModelResolver modelResolver() {
        // any JSON: its getters are no fields of ours
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
        return new ModelResolver(new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
    }
}
