package dev.saccade.api.audit;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A row of RFC 4180 that no spreadsheet takes for a formula. */
final class CsvRow {

    /** What begins a formula, also in full width; a tab or line break can hide it. */
    private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private CsvRow() {}

    /** All cells in quotes; one that would be a formula has an apostrophe in front. */
    static String of(String... cells) {
        return Arrays.stream(cells).map(CsvRow::cell).collect(Collectors.joining(",", "", "\r\n"));
    }

    private static String cell(String text) {
        boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
        return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
    }
}
