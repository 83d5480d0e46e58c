package dev.saccade.ledger.messages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobHintTest {

    private static final UUID JOB = UUID.fromString("0199c3a2-1b2c-7d3e-8f40-123456789abc");

    @Test
    void hintIsReadBackAsItWasWritten() {
        var hint = new JobHint(JOB, 12);

        assertThat(hint.toJson()).isEqualTo("{\"jobId\":\"0199c3a2-1b2c-7d3e-8f40-123456789abc\",\"attempt\":12}");
        assertThat(JobHint.parse(hint.toJson())).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{}",
                "{\"jobId\":\"x\",\"attempt\":1}",
                "{\"jobId\":\"0199c3a2-1b2c-7d3e-8f40-123456789abc\",\"attempt\":0}",
                "{\"jobId\":\"0199c3a2-1b2c-7d3e-8f40-123456789abc\",\"attempt\":99999999999}",
                "{\"jobId\":\"0199c3a2-1b2c-7d3e-8f40-123456789abc\",\"attempt\":1} "
            })
    void anythingElseIsNoHint(String json) {
        assertThat(JobHint.parse(json)).isEmpty();
    }
}
