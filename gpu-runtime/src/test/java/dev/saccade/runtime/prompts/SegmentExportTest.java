package dev.saccade.runtime.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentExportTest {

    private static final List<Segment> SEGMENTS = List.of(
            new Segment(0, 1.5, "A & B <i>meet</i> --> then\n\n2\n00:00:00.000 --> 00:00:09.000\npart"),
            new Segment(3723.25, 3723.25, null));

    @Test
    void whatACaptionHoldsCanNeitherEndACueNorBeATagOfWebVtt() {
        assertThat(SegmentExport.webVtt(SEGMENTS)).isEqualTo("""
                WEBVTT

                1
                00:00:00.000 --> 00:00:01.500
                A &amp; B &lt;i&gt;meet&lt;/i&gt; --&gt; then 2 00:00:00.000 --&gt; 00:00:09.000 part

                2
                01:02:03.250 --> 01:02:04.250
                Segment 2
                """);
    }

    @Test
    void subRipHasItsOwnTimesAndNoTags() {
        assertThat(SegmentExport.subRip(SEGMENTS)).isEqualTo("""
                1
                00:00:00,000 --> 00:00:01,500
                A & B \u2039i\u203ameet\u2039/i\u203a --\u203a then 2 00:00:00.000 --\u203a 00:00:09.000 part

                2
                01:02:03,250 --> 01:02:04,250
                Segment 2
                """);
    }

    @Test
    void noSegmentsAreAnEmptyFile() {
        assertThat(SegmentExport.webVtt(List.of())).isEqualTo("WEBVTT\n");
        assertThat(SegmentExport.subRip(List.of())).isEmpty();
    }
}
