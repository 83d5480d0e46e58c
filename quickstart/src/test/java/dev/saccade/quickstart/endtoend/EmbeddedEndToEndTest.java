package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The whole path on the embedded parts. */
class EmbeddedEndToEndTest extends EndToEndContract {

    @Override
    RunningStack start() throws Exception {
        return RunningStack.start(QuickstartOptions.throwaway(Fixtures.emptyFolder("embedded"), new ModelOptions()));
    }

    @Test
    void officialOpenAiClientForPythonGetsAllItAsksFor() throws Exception {
        String python = given("SACCADE_TEST_OPENAI_PYTHON", "OpenAI's Python client could not be installed");
        passes(List.of(python, "client.py"), Map.of());
    }

    @Test
    void officialOpenAiClientForNodeGetsAllItAsksFor() throws Exception {
        String folder = given("SACCADE_TEST_OPENAI_NODE", "OpenAI's Node client could not be installed");
        passes(List.of("node", "client.mjs"), Map.of("OPENAI_PACKAGE", folder));
    }

    private static String given(String variable, String reason) {
        String value = System.getenv().getOrDefault(variable, "");
        if (value.isBlank()) {
            abort(reason + "; ./saccade test does so");
        }
        return value;
    }

    private void passes(List<String> program, Map<String, String> environment) throws Exception {
        Path output = Fixtures.emptyFolder("openai").resolve("output.txt");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                Fixtures.clip().toAbsolutePath().toString(), Fixtures.QUESTION, Fixtures.REASONING, Fixtures.ANSWER));
        ProcessBuilder client = new ProcessBuilder(command)
                .directory(ModelOptions.home()
                        .resolve("quickstart/src/test/openai")
                        .toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        client.environment().putAll(environment);
        client.environment().put("OPENAI_BASE_URL", stack().address() + "/v1");
        client.environment().put("OPENAI_API_KEY", stack().key());
        Process running = client.start();

        boolean ended = running.waitFor(3, TimeUnit.MINUTES);
        running.destroyForcibly();
        assertThat(ended && running.exitValue() == 0)
                .as(Files.readString(output))
                .isTrue();
    }
}
