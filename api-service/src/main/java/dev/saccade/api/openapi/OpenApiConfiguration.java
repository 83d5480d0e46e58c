package dev.saccade.api.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import java.util.Optional;
import java.util.Set;
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

    /** The default of a prompt's parameter is a text, a number or a list; the engine's own record can't say so here. */
    @Bean
    @Lazy
    OpenApiCustomizer promptDefaults() {
        return document -> Optional.ofNullable(
                        document.getComponents().getSchemas().get("Parameter"))
                .map(parameter -> (Schema<?>) parameter.getProperties().get("default"))
                .ifPresent(value -> value.setTypes(Set.of("string", "number", "boolean", "array", "object", "null")));
    }

    /** springdoc reads our records with Jackson 2, which has to be told their names in JSON. */
    @Bean
    @Lazy
    ModelResolver modelResolver() {
        // any JSON: its getters are no fields of ours
        SpringDocUtils.getConfig().replaceWithClass(JsonNode.class, Object.class);
        var snakeCase = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(snakeCase).openapi31(true); // else several types of one field become one
    }
}
