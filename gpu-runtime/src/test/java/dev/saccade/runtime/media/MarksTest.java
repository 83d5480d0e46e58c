package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Mark;
import dev.saccade.runtime.Mark.Corner;
import dev.saccade.runtime.Mark.Form;
import dev.saccade.runtime.Mark.Key;
import dev.saccade.runtime.Mark.Shape;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.model.DemoModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Marks: where they are at a time, how they are drawn, and which can't be. */
class MarksTest {

    private static final Path CLIP = DemoModel.clips().resolve("motion/clips/motion_000.mp4");
    private static final Sizes.Size SIZE = new Sizes.Size(112, 112);

    private final MediaPipeline pipeline = new MediaPipeline(MediaLimits.DEFAULT, PreprocessorBounds.COSMOS_REASON1);

    @Test
    void aMarkMovesEvenlyBetweenItsKeyFramesAndIsGoneBeforeAndBehindThem() {
        Mark mark = new Mark(1, true, List.of(point(1.0, 0, 10), point(3.0, 20, 50)));

        assertThat(mark.at(0.9)).isNull();
        assertThat(Objects.requireNonNull(mark.at(1.0)).corners()).containsExactly(new Corner(0, 10));
        assertThat(Objects.requireNonNull(mark.at(2.0)).corners()).containsExactly(new Corner(10, 30));
        assertThat(Objects.requireNonNull(mark.at(3.0)).corners()).containsExactly(new Corner(20, 50));
        assertThat(mark.at(3.1)).isNull();
    }

    @Test
    void aMarkThatDoesNotMoveHoldsUntilItsNextFrame() {
        Mark mark = new Mark(1, false, List.of(point(1.0, 0, 10), point(3.0, 20, 50)));

        assertThat(mark.at(0.5)).isNull();
        assertThat(Objects.requireNonNull(mark.at(2.9)).corners()).containsExactly(new Corner(0, 10));
        assertThat(Objects.requireNonNull(mark.at(9)).corners()).containsExactly(new Corner(20, 50));
    }

    @Test
    void anOutlineAndItsNumberAreDrawnWhereTheFrameIsResizedTo() {
        Mark box = new Mark(7, true, List.of(key(null, Form.BOX, 20, 20, 200, 200)));
        RgbFrame drawn = new RgbFrame(new byte[112 * 112 * 3], 112, 112);

        new MarkPainter(List.of(box), new Sizes.Size(224, 224)).paint(drawn, 0);

        assertThat(pixel(drawn, 10, 10)).containsExactly(128, 0, 0);
        assertThat(pixel(drawn, 60, 10)).containsExactly(128, 0, 0);
        assertThat(pixel(drawn, 100, 100)).containsExactly(128, 0, 0);
        assertThat(pixel(drawn, 30, 30)).containsExactly(0, 0, 0);
        assertThat(pixel(drawn, 5, 5)).containsExactly(0, 0, 0);
        assertThat(bright(drawn, 45, 65)).isGreaterThan(20);
    }

    @Test
    void polygonsPointsAndNumbersAtTheEdgeStayInTheFrame() {
        List<Mark> marks = List.of(
                new Mark(0, true, List.of(key(null, Form.POINT, 111.9, 111.9))),
                new Mark(123, true, List.of(key(null, Form.POINT, 0, 0))),
                new Mark(5, true, List.of(key(null, Form.POLYGON, 0, 0, 112, 0, 112, 112, 0, 112))));

        RgbFrame drawn = new RgbFrame(new byte[112 * 112 * 3], 112, 112);

        new MarkPainter(marks, SIZE).paint(drawn, 0);

        assertThat(pixel(drawn, 111, 60)).containsExactly(0, 128, 128);
        assertThat(bright(drawn, 0, 40)).isGreaterThan(40);
        assertThat(bright(drawn, 90, 112)).isGreaterThan(10);
    }

    @Test
    void markedClipsHaveKeysOfTheirOwnAndOthersKeepTheirs() {
        Mark mark = new Mark(1, true, List.of(key(null, Form.BOX, 10, 10, 90, 90)));
        Mark moved = new Mark(1, true, List.of(key(null, Form.BOX, 10, 10, 90, 91)));
        PreparedMedia plain = prepare(new Part.Video(CLIP));
        PreparedMedia marked = prepare(new Part.Video(CLIP, List.of(mark)));

        assertThat(List.of(
                        plain.key(),
                        marked.key(),
                        prepare(new Part.Video(CLIP, List.of(moved))).key()))
                .doesNotHaveDuplicates();
        assertThat(prepare(new Part.Video(CLIP, List.of())).key()).isEqualTo(plain.key());
        assertThat(Arrays.equals(marked.patches(), plain.patches())).isFalse();
        assertThat(marked.visualTokens()).isEqualTo(plain.visualTokens());
    }

    @Test
    void marksOutsideTheFrameOrTheClipsTimeAreRefusedWithTheirPlace() {
        assertThat(wrong(new Mark(1, true, List.of(key(null, Form.POINT, 113, 5)))))
                .containsExactly("/0/frames/0");
        assertThat(wrong(new Mark(1, true, List.of(point(11.0, 5, 5))))).containsExactly("/0/frames/0/at");
        assertThat(wrong(new Mark(1, true, List.of(point(2.0, 5, 5), point(1.0, 5, 5)))))
                .containsExactly("/0/frames/1/at");
        assertThat(wrong(new Mark(1, true, List.of(point(null, 5, 5), point(1.0, 5, 5)))))
                .containsExactly("/0/frames/0/at");
        assertThat(wrong(new Mark(1, true, List.of(key(null, Form.BOX, 50, 10, 40, 20)))))
                .containsExactly("/0/frames/0");
        assertThat(wrong(new Mark(1, true, List.of(key(null, Form.POLYGON, 5, 5, 6, 6)))))
                .containsExactly("/0/frames/0");
        assertThat(wrong(new Mark(1, true, List.of(point(1.0, 5, 5), key(2.0, Form.BOX, 1, 1, 2, 2)))))
                .containsExactly("/0/frames/1");
        assertThat(wrong(new Mark(1000, true, List.of(point(null, 5, 5))))).containsExactly("/0/number");
        assertThat(wrong(new Mark(1, true, List.of()))).containsExactly("/0/frames");
        assertThat(wrong(new Mark(1, true, List.of(point(null, Double.NaN, 5)))))
                .containsExactly("/0/frames/0");
        Mark twice = new Mark(4, true, List.of(point(null, 5, 5)));
        assertThat(wrong(twice, twice)).containsExactly("/1/number");
    }

    @Test
    void theEngineRefusesThemBeforeItDecodes() {
        Part.Video outside = new Part.Video(CLIP, List.of(new Mark(1, true, List.of(key(null, Form.POINT, 5000, 5)))));

        assertThatThrownBy(() -> pipeline.measure(outside, VisionOptions.DEFAULT, pipeline.content(outside)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not in the frame");
    }

    @Test
    void imagesAreMarkedAsFramesAre() {
        Path file = DemoModel.clips().resolve("image/clips/image_000.jpg");
        Mark box = new Mark(1, true, List.of(key(null, Form.BOX, 10, 10, 60, 60)));
        PreparedMedia plain = prepare(new Part.Image(file));
        PreparedMedia marked = prepare(new Part.Image(file, List.of(box)));

        assertThat(marked.key()).isNotEqualTo(plain.key());
        assertThat(Arrays.equals(marked.patches(), plain.patches())).isFalse();
        assertThat(marked.visualTokens()).isEqualTo(plain.visualTokens());
        assertThat(prepare(new Part.Image(file, List.of())).key()).isEqualTo(plain.key());
    }

    @Test
    void aMarkOfAnImageHasNoTimeAndLiesInThePicture() {
        Path file = DemoModel.clips().resolve("image/clips/image_000.jpg");
        Part.Image timed = new Part.Image(file, List.of(new Mark(1, true, List.of(point(0.0, 5, 5)))));
        Part.Image outside = new Part.Image(file, List.of(new Mark(1, true, List.of(point(null, 5000, 5)))));

        assertThatThrownBy(() -> prepare(timed))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("marks/0/frames/0/at: An image has no time");
        assertThatThrownBy(() -> prepare(outside))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not in the frame");
    }

    private PreparedMedia prepare(Part media) {
        return pipeline.prepare(pipeline.measure(media, VisionOptions.DEFAULT, pipeline.content(media)));
    }

    private static List<String> wrong(Mark... marks) {
        List<String> pointers = new ArrayList<>();
        Mark.check(List.of(marks), 112, 112, 10, (pointer, detail) -> pointers.add(pointer));
        return pointers;
    }

    private static Key point(@Nullable Double at, double x, double y) {
        return key(at, Form.POINT, x, y);
    }

    private static Key key(@Nullable Double at, Form form, double... numbers) {
        List<Corner> corners = new ArrayList<>();
        for (int i = 0; i < numbers.length; i += 2) {
            corners.add(new Corner(numbers[i], numbers[i + 1]));
        }
        return new Key(at, new Shape(form, corners));
    }

    private static int[] pixel(RgbFrame frame, int x, int y) {
        int at = (y * frame.width() + x) * 3;
        return new int[] {frame.pixels()[at] & 0xff, frame.pixels()[at + 1] & 0xff, frame.pixels()[at + 2] & 0xff};
    }

    /** White pixels of a square on the diagonal: a number's. */
    private static long bright(RgbFrame frame, int from, int to) {
        long count = 0;
        for (int y = from; y < to; y++) {
            for (int x = from; x < to; x++) {
                int[] colour = pixel(frame, x, y);
                count += colour[0] > 200 && colour[1] > 200 && colour[2] > 200 ? 1 : 0;
            }
        }
        return count;
    }
}
