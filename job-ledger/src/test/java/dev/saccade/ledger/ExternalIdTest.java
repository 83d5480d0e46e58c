package dev.saccade.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalIdTest {

    private static final UUID ID = UUID.fromString("0199c3a2-1b2c-7d3e-8f40-123456789abc");

    @Test
    void idIsReadBackAsItWasWritten() {
        assertThat(ExternalId.JOB.format(ID)).isEqualTo("job_0199c3a2-1b2c-7d3e-8f40-123456789abc");
        assertThat(ExternalId.JOB.parse(ExternalId.JOB.format(ID))).contains(ID);
        assertThat(ExternalId.VIDEO.parse(ExternalId.VIDEO.format(ID))).contains(ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "job_",
                "0199c3a2-1b2c-7d3e-8f40-123456789abc",
                "vid_0199c3a2-1b2c-7d3e-8f40-123456789abc",
                "job_0199C3A2-1B2C-7D3E-8F40-123456789ABC",
                "job_199c3a2-1b2c-7d3e-8f40-123456789abc",
                "job_0199c3a21b2c7d3e8f40123456789abc",
                "job_0199c3a2-1b2c-7d3e-8f40-123456789abc\n",
                "job_1-1-1-1-1"
            })
    void anythingElseIsNoId(String text) {
        assertThat(ExternalId.JOB.parse(text)).isEmpty();
    }
}
