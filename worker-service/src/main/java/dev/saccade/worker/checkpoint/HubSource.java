package dev.saccade.worker.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Files below an address, as model hubs serve them: with redirects to other hosts, which don't get the token. */
final class HubSource implements CheckpointSource {

    private static final int MOST_REDIRECTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
    private final URI folder;
    private final @Nullable String token;

    /**
     * @param folder address of the folder, such as {@code https://hub/owner/model/resolve/revision}
     * @param token bearer token for the folder's host, or null
     */
    HubSource(URI folder, @Nullable String token) {
        this.folder = URI.create(folder.toString().endsWith("/") ? folder.toString() : folder + "/");
        this.token = token;
    }

    @Override
    public InputStream open(String file) throws IOException {
        URI address = folder.resolve(file);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<InputStream> answer = get(address);
            int status = answer.statusCode();
            if (status == 200) {
                return answer.body();
            }
            answer.body().close();
            String location = answer.headers().firstValue("Location").orElse(null);
            if (status / 100 != 3 || location == null) {
                throw refused(file, status);
            }
            address = address.resolve(location);
            if (!Objects.equals(address.getScheme(), folder.getScheme())) {
                throw new UnusableCheckpointException("The hub redirects " + file + " to another scheme ("
                        + address.getScheme() + "), which isn't followed.");
            }
        }
        throw new UnusableCheckpointException("The hub redirects " + file + " more than " + MOST_REDIRECTS + " times.");
    }

    private HttpResponse<InputStream> get(URI address) throws IOException {
        var request = HttpRequest.newBuilder(address).timeout(PATIENCE);
        if (token != null && Objects.equals(address.getAuthority(), folder.getAuthority())) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while a file was asked for.", e);
        }
    }

    private static IOException refused(String file, int status) {
        return switch (status) {
            case 401, 403 ->
                throw new UnusableCheckpointException("The hub refuses " + file + " (" + status
                        + "): accept the model's licence there and give a token in secrets.hub.");
            case 404 ->
                throw new UnusableCheckpointException("The hub has no " + file
                        + ": correct model.source.url (with its revision) or model.checksums.");
            default -> new IOException("The hub answers " + status + " for " + file + ".");
        };
    }
}
