package dev.saccade.quickstart.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class JournalTest {

    @TempDir
    Path folder;

    private Path file = Path.of("");
    private final List<Outcome> found = new ArrayList<>();

    @BeforeEach
    void file() {
        file = folder.resolve("new/journal.jsonl");
    }

    @Test
    void whatWasDoneIsThereWhenItIsOpenedAgain() throws Exception {
        Outcome answered = new Outcome(
                "a#0",
                List.of(new Outcome.Sample(
                        "all \u2028 \uD83D\uDE00", "part", Json.MAPPER.readTree("{\"letter\": \"B\"}"), null)),
                "fingerprint",
                null);
        Outcome failed = Outcome.failed("b#0", "The clip can't be read.");
        Journal.Batch open;
        try (Journal journal = open(0.6)) {
            journal.outcome(answered);
            journal.outcome(failed);
            journal.uploaded("5e1f", "vid_1");
            journal.uploaded("90ab", "vid_2");
            journal.uploaded("90ab", null);
            journal.ended(journal.submitted(journal.begin(List.of("x")), "batch_1"));
            open = journal.submitted(journal.begin(List.of("a", "b")), "batch_2");
            journal.begin(List.of("c"));
        }

        try (Journal journal = open(0.6)) {
            assertThat(found).containsExactly(answered, failed);
            assertThat(journal.upload("5e1f")).hasValue("vid_1");
            assertThat(journal.upload("90ab")).isEmpty();
            assertThat(journal.batches()).first().isEqualTo(open);
            assertThat(journal.batches())
                    .last()
                    .satisfies(batch -> assertThat(batch.id()).isNull());
            assertThat(journal.batches()).hasSize(2);
        }
    }

    @Test
    void aLineThatWasCutOffIsTakenAwayAndTheNextOneStandsInItsPlace() throws Exception {
        try (Journal journal = open(0.6)) {
            journal.outcome(Outcome.failed("a", "first"));
        }
        String whole = Files.readString(file);
        Files.writeString(file, "{\"outcome\":{\"id\":\"b\",\"sam", StandardOpenOption.APPEND);

        try (Journal journal = open(0.6)) {
            assertThat(found).extracting(Outcome::id).containsExactly("a");
            assertThat(file).hasContent(whole);
            journal.outcome(Outcome.failed("c", "next"));
        }
        found.clear();
        open(0.6).close();
        assertThat(found).extracting(Outcome::id).containsExactly("a", "c");
    }

    @Test
    void aFirstLineThatWasCutOffIsABeginning() throws Exception {
        Files.createDirectories(folder.resolve("new"));
        Files.writeString(file, "{\"run\":\"eval");

        open(0.6).close();

        assertThat(Files.readString(file)).startsWith("{\"run\":\"evaluate\"").endsWith("}\n");
    }

    @Test
    void otherSettingsAreRefusedWithTheOneThatDiffers() throws Exception {
        open(0.6).close();

        assertThatThrownBy(() -> open(0.0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("temperature was 0.6 and is now 0.0")
                .hasMessageContaining("--out");
        assertThatThrownBy(() -> Journal.open(file, "annotate", settings(0.6), found::add))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no journal of saccade annotate");
    }

    @Test
    void aLineInTheMiddleThatIsNoJsonIsToldByItsNumber() throws Exception {
        open(0.6).close();
        Files.writeString(file, "rubbish\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> open(0.6)).isInstanceOf(UserError.class).hasMessageContaining("line 2");
    }

    @Test
    void twoRunsAtATimeDoNotWriteToOneJournal() throws Exception {
        try (Journal journal = open(0.6)) {
            assertThatThrownBy(() -> open(0.6)).isInstanceOf(UserError.class).hasMessageContaining("another run");
            journal.outcome(Outcome.failed("a", "still mine"));
        }
        open(0.6).close();
    }

    private Journal open(double temperature) throws IOException {
        return Journal.open(file, "evaluate", settings(temperature), found::add);
    }

    private static ObjectNode settings(double temperature) {
        return Json.MAPPER.createObjectNode().put("model", "m").put("temperature", temperature);
    }
}
