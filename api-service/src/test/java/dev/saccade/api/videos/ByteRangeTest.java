package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,0",
        "bytes=10-19,10,19",
        "bytes=90-,90,99",
        "bytes=-5,95,99",
        "bytes=-500,0,99",
        "bytes=0-999999999999999999,0,99",
        "Bytes=3-4,3,4"
    })
    void rangesWithinTheFileAreTaken(String header, long first, long last) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new ByteRange.Part(first, last));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
    void rangesOutsideTheFileCanNotBeSatisfied(String header) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes=",
                "bytes=-",
                "bytes=5-4",
                "bytes=0-1,5-6",
                "lines=0-1",
                "bytes=a-b",
                "bytes=9999999999999999999-"
            })
    void whatIsNoSingleRangeIsIgnored(String header) {
        assertThat(ByteRange.parse(header, 100)).isEqualTo(new ByteRange.Whole());
    }

    @Test
    void noHeaderAsksForAll() {
        assertThat(ByteRange.parse(null, 100)).isEqualTo(new ByteRange.Whole());
    }
}
