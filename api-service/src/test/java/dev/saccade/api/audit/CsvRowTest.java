package dev.saccade.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvRowTest {

    @ParameterizedTest
    @ValueSource(strings = {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uFF1D1"})
    void formulaBecomesText(String formula) {
        assertThat(CsvRow.of(formula)).startsWith("\"'").endsWith("\"\r\n");
    }

    @Test
    void quotesCommasAndLinesStayInTheirCell() {
        assertThat(CsvRow.of("a\"b", "c,d", "e\nf", "")).isEqualTo("\"a\"\"b\",\"c,d\",\"e\nf\",\"\"\r\n");
    }
}
