package dev.saccade.api.openapi;

import dev.saccade.api.problems.Problem;
import dev.saccade.api.problems.ProblemWriter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Adds to every operation the problems that it can answer with. */
final class ProblemResponses implements OpenApiCustomizer {

    private static final String OPENAI = "OpenAI";

    /** Batches of both kinds: which error it is depends on the batch. */
    private static final String SHARED = "/v1/batches";

    private static final String JSON = "application/json";

    @Override
    public void customise(OpenAPI document) {
        ModelConverters.getInstance(true).readAll(Problem.class).forEach(document.getComponents()::addSchemas);
        document.getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().forEach((method, operation) -> describe(path, method, operation)));
    }

    private static void describe(String path, PathItem.HttpMethod method, Operation operation) {
        problems(path, method, operation);
        if (operation.getTags() != null && operation.getTags().contains(OPENAI)) {
            operation.getResponses().remove("422"); // told as 400
            operation.getResponses().forEach(ProblemResponses::asOpenAiError);
        }
        if (path.startsWith(SHARED)) {
            operation.getResponses().forEach(ProblemResponses::asEither);
        }
    }

    /** OpenAI's clients read errors of another shape. */
    private static void asOpenAiError(String status, ApiResponse response) {
        if (status.charAt(0) >= '4') {
            response.setContent(new Content().addMediaType(JSON, openAiError()));
        }
    }

    private static void asEither(String status, ApiResponse response) {
        if (status.charAt(0) >= '4') {
            response.getContent().addMediaType(JSON, openAiError());
        }
    }

    private static MediaType openAiError() {
        return new MediaType().schema(new Schema<>().$ref("#/components/schemas/OpenAiError"));
    }

    private static void problems(String path, PathItem.HttpMethod method, Operation operation) {
        operation.getResponses().forEach(ProblemResponses::asProblem);
        problem(operation, "400", "A parameter, or the body, can't be read");
        problem(operation, "401", "The API key is missing or not valid");
        problem(operation, "403", "The API key lacks the scope that this needs");
        problem(operation, "429", "More requests or jobs than the tenant may have; see Retry-After");
        problem(operation, "503", "A part of the service does not answer; see Retry-After");
        if (path.contains("{id}")) {
            problem(operation, "404", "Unknown, or another tenant's");
        }
        if (path.endsWith("/content")) {
            problem(operation, "409", "The upload is not ready");
            problem(operation, "410", "The video was deleted");
            problem(operation, "416", "The range lies outside the file");
        }
        if (path.endsWith("/retry") || path.endsWith("/rerun")) {
            problem(operation, "409", "The job's state does not allow it");
        }
        if (path.endsWith("{id}/cancel")) {
            problem(operation, "409", "The job is finished already");
        } else if (method == PathItem.HttpMethod.POST || method == PathItem.HttpMethod.PUT) {
            problem(operation, "413", "The body is larger than the limit");
            problem(operation, "415", "The body has a type that is not taken here");
            problem(operation, "422", "The body has values that can't be taken; errors points at them");
        }
        if (path.startsWith("/v1/tus") && method != PathItem.HttpMethod.OPTIONS) {
            problem(operation, "409", "Upload-Offset, or the upload's state, does not allow it");
            problem(operation, "410", "The upload was rejected or given up");
            problem(operation, "412", "Tus-Resumable is missing, or names another version");
            problem(operation, "422", "The whole file was there, and was refused");
        }
        if (path.startsWith("/v1/tus/")
                && (method == PathItem.HttpMethod.PATCH || method == PathItem.HttpMethod.POST)) {
            problem(operation, "405", "X-HTTP-Method-Override names another method");
            problem(operation, "413", "More bytes came than Upload-Length has");
            problem(operation, "415", "The bytes have another type than application/offset+octet-stream");
            problem(operation, "460", "The bytes don't have the checksum of Upload-Checksum");
        }
        if (receivesFiles(path, method)) {
            problem(operation, "507", "The server has no room for the file");
        }
    }

    private static boolean receivesFiles(String path, PathItem.HttpMethod method) {
        return switch (method) {
            case POST ->
                path.endsWith("/videos")
                        || path.endsWith("/import")
                        || path.endsWith("/complete")
                        || path.startsWith("/v1/tus");
            case PATCH, HEAD -> path.startsWith("/v1/tus");
            default -> false;
        };
    }

    private static void problem(Operation operation, String status, String description) {
        ApiResponse response = new ApiResponse().description(description);
        asProblem(status, response);
        operation.getResponses().addApiResponse(status, response);
    }

    /** Else springdoc gives the controller's own errors the type of its result. */
    private static void asProblem(String status, ApiResponse response) {
        if (status.charAt(0) >= '4') {
            var schema = new Schema<>().$ref("#/components/schemas/Problem");
            response.setContent(new Content().addMediaType(ProblemWriter.MEDIA_TYPE, new MediaType().schema(schema)));
        }
    }
}
