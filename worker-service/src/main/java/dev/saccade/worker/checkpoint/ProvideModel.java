package dev.saccade.worker.checkpoint;

import dev.saccade.worker.media.S3MediaStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What the chart's Job and init container run: {@code fetch} fills the folder {@code SACCADE_MODEL_FOLDER} from
 * {@code SACCADE_MODEL_SOURCE} ({@code s3://bucket/prefix} or {@code https://...}), {@code verify} compares one that is there,
 * {@code await} waits until it can be used. {@code SACCADE_MODEL_CHECKSUMS} names the file with what is expected.
 */
public final class ProvideModel {

    private static final String BUCKET_SCHEME = "s3";

    private final Map<String, String> environment;
    private final Consumer<String> log;
    private final Duration look;

    ProvideModel(Map<String, String> environment, Consumer<String> log, Duration look) {
        this.environment = environment;
        this.log = log;
        this.look = look;
    }

    /** Exit code 0: the folder can be used; 1: it can't yet, try again; 2: it can't, and a person has to mend something. */
    public static void main(String[] arguments) {
        var program = new ProvideModel(System.getenv(), System.out::println, Duration.ofSeconds(5));
        System.exit(program.run(arguments.length == 1 ? arguments[0] : ""));
    }

    int run(String what) {
        try {
            var folder = new CheckpointFolder(
                    Path.of(required("SACCADE_MODEL_FOLDER")),
                    Checksums.parse(Files.readString(Path.of(required("SACCADE_MODEL_CHECKSUMS")))),
                    log);
            switch (what) {
                case "fetch" -> fetch(folder);
                case "verify" -> folder.verify();
                case "await" -> await(folder);
                default -> throw new UnusableCheckpointException("Give one of: fetch, verify, await.");
            }
            return 0;
        } catch (UnusableCheckpointException e) {
            log.accept(String.valueOf(e.getMessage()));
            return 2;
        } catch (IOException e) {
            log.accept("The model could not be provided this time: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private void fetch(CheckpointFolder folder) throws IOException {
        var source = URI.create(required("SACCADE_MODEL_SOURCE"));
        if (!BUCKET_SCHEME.equals(source.getScheme())) {
            folder.fetch(new HubSource(source, environment.get("SACCADE_MODEL_TOKEN")));
            return;
        }
        try (var store = new S3MediaStore(
                required("SACCADE_STORE_ENDPOINT"),
                required("SACCADE_STORE_ACCESS_KEY"),
                required("SACCADE_STORE_SECRET_KEY"),
                source.getAuthority(),
                environment.getOrDefault("SACCADE_STORE_REGION", S3MediaStore.USUAL_REGION))) {
            folder.fetch(new StoreSource(store, source.getPath().replaceAll("^/+|/+$", "")));
        }
    }

    /** A folder that is fetched comes later; one that a person keeps is there or is missing. */
    private void await(CheckpointFolder folder) throws IOException, InterruptedException {
        if (!environment.containsKey("SACCADE_MODEL_SOURCE")) {
            folder.requireFiles();
            return;
        }
        for (boolean told = false; !folder.isComplete(); told = true) {
            if (!told) {
                log.accept("Waiting for the Job that fetches the model.");
            }
            Thread.sleep(look);
        }
    }

    private String required(String name) {
        String value = environment.getOrDefault(name, "");
        if (value.isBlank()) {
            throw new UnusableCheckpointException("Set " + name + ".");
        }
        return value;
    }
}
