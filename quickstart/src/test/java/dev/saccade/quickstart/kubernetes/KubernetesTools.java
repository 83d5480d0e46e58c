package dev.saccade.quickstart.kubernetes;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kubernetes' own programs, which {@code .ci/kubernetes} builds into a cache folder. */
record KubernetesTools(Path folder) {

    private static final String SETTING = "SACCADE_TEST_KUBERNETES";

    /** Ends the test as skipped where they are not there. */
    static KubernetesTools orSkip(String... programs) {
        String folder = System.getenv().getOrDefault(SETTING, "");
        if (folder.isEmpty()) {
            return abort("needs Kubernetes' programs: ./saccade test --kubernetes builds them, once");
        }
        var tools = new KubernetesTools(Path.of(folder));
        for (String program : programs) {
            if (!Files.isExecutable(tools.program(program))) {
                return abort(program + " is not in " + tools.folder + ": ./saccade test --kubernetes builds it, once");
            }
        }
        return tools;
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Descriptions of objects: Kubernetes' OpenAPI document and definitions of others' kinds. */
    Path descriptions() {
        return folder.resolve("crds");
    }

    Outcome run(String program, List<String> arguments, Map<String, String> environment) throws IOException {
        var command = new ArrayList<>(List.of(program(program).toString()));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while " + program + " ran", e);
        }
    }

    Outcome run(String program, String... arguments) throws IOException {
        return run(program, List.of(arguments), Map.of());
    }

    /**
     * How a program ended.
     *
     * @param output of both its streams
     */
    record Outcome(int status, String output) {}
}
