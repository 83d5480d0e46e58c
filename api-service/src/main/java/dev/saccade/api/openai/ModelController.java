package dev.saccade.api.openai;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The model that serves here, by each of its names. */
@Tag(name = "OpenAI")
@RestController
@RequestMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
final class ModelController {

    private final OpenAiProperties properties;

    ModelController(OpenAiProperties properties) {
        this.properties = properties;
    }

    @Schema(name = "Model")
    record Model(
            String id, @Schema(allowableValues = "model") String object, long created, String ownedBy) {

        static Model of(String name) {
            return new Model(name, "model", 0, "saccade");
        }
    }

    @Schema(name = "ModelList")
    record Models(@Schema(allowableValues = "list") String object, List<Model> data) {}

    @Operation(operationId = "listModels", summary = "Names of the model that serves here")
    @ApiResponse(responseCode = "200", description = "All of them")
    @ApiResponse(
            responseCode = "401",
            description = "The API key is missing or not valid",
            content = @Content(schema = @Schema(implementation = OpenAiError.class)))
    @GetMapping
    Models list() {
        return new Models("list", properties.models().stream().map(Model::of).toList());
    }

    @Operation(operationId = "getModel", summary = "Whether a model of this name serves here")
    @ApiResponse(responseCode = "200", description = "It does")
    @GetMapping("/{id}")
    Model get(@PathVariable String id) {
        return Model.of(dev.saccade.api.openai.Models.require(id, properties));
    }
}
