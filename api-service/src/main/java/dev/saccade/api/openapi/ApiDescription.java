package dev.saccade.api.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;

/** What the document says of the API as a whole. */
final class ApiDescription {

    static final String BEARER = "api_key";

    private ApiDescription() {}

    static OpenAPI create() {
        return new OpenAPI()
                .info(new Info()
                        .title("Saccade")
                        .version("1")
                        .description("Questions about video, answered by a physical-AI vision-language model. "
                                + "Upload a clip, submit a job, and poll it. "
                                + "Errors are application/problem+json (RFC 9457) with a stable type and code."))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description("An API key, sk_...")))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }
}
