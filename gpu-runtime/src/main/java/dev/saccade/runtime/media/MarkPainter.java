package dev.saccade.runtime.media;

import dev.saccade.runtime.Mark;
import dev.saccade.runtime.Mark.Corner;
import dev.saccade.runtime.Mark.Shape;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws a clip's marks on its frames after they were resized, so that lines and numbers are as thick as the model can see:
 * an outline in a colour of the number's, and the number on a field of that colour. Thread-safe.
 */
final class MarkPainter {

    private static final int[][] COLOURS = {
        {230, 25, 75},
        {60, 180, 75},
        {0, 130, 200},
        {245, 130, 48},
        {145, 30, 180},
        {0, 128, 128},
        {240, 50, 230},
        {128, 0, 0}
    };
    private static final int RADIUS = 4;
    private static final int MARGIN = 2;

    private final List<Mark> marks;
    private final Sizes.Size source;

    /** @param source the size of the frames that the marks were made on */
    MarkPainter(List<Mark> marks, Sizes.Size source) {
        this.marks = marks;
        this.source = source;
    }

    /** Draws on the frame itself: frames are handed over, and nobody else has this one. */
    void paint(RgbFrame frame, double second) {
        Canvas canvas = new Canvas(frame.pixels(), frame.width(), frame.height());
        // numbers come last, so that no line hides one
        for (Mark mark : marks) {
            Shape shape = mark.at(second);
            if (shape != null) {
                outline(canvas, shape, colour(mark));
            }
        }
        for (Mark mark : marks) {
            number(canvas, mark, mark.at(second));
        }
    }

    private static int[] colour(Mark mark) {
        return COLOURS[mark.number() % COLOURS.length];
    }

    private void outline(Canvas canvas, Shape shape, int[] colour) {
        List<Corner> corners = shape.corners();
        switch (shape.form()) {
            case POINT -> canvas.disc(x(canvas, corners.getFirst()), y(canvas, corners.getFirst()), RADIUS, colour);
            case BOX -> {
                Corner a = corners.getFirst();
                Corner b = corners.getLast();
                polygon(canvas, List.of(a, new Corner(b.x(), a.y()), b, new Corner(a.x(), b.y())), colour);
            }
            case POLYGON -> polygon(canvas, corners, colour);
        }
    }

    private void polygon(Canvas canvas, List<Corner> corners, int[] colour) {
        for (int i = 0; i < corners.size(); i++) {
            Corner from = corners.get(i);
            Corner to = corners.get((i + 1) % corners.size());
            canvas.line(x(canvas, from), y(canvas, from), x(canvas, to), y(canvas, to), colour);
        }
    }

    /** In the shape's middle, moved so that all of it is in the frame. */
    private void number(Canvas canvas, Mark mark, @Nullable Shape shape) {
        if (shape == null) {
            return;
        }
        double sumX = 0;
        double sumY = 0;
        for (Corner corner : shape.corners()) {
            sumX += corner.x();
            sumY += corner.y();
        }
        int count = shape.corners().size();
        Corner middle = new Corner(sumX / count, sumY / count);
        String digits = Integer.toString(mark.number());
        int width = digits.length() * TimestampBorder.GLYPH_WIDTH + 2 * MARGIN;
        int height = TimestampBorder.GLYPH_HEIGHT + 2 * MARGIN;
        int below = shape.form() == Mark.Form.POINT ? RADIUS + height / 2 + MARGIN : 0;
        int left = Math.max(0, Math.min(x(canvas, middle) - width / 2, canvas.width() - width));
        int top = Math.max(0, Math.min(y(canvas, middle) + below - height / 2, canvas.height() - height));
        canvas.field(left, top, width, height, colour(mark));
        for (int i = 0; i < digits.length(); i++) {
            canvas.glyph(
                    left + MARGIN + i * TimestampBorder.GLYPH_WIDTH,
                    top + MARGIN,
                    TimestampBorder.glyph(digits.charAt(i)));
        }
    }

    private int x(Canvas canvas, Corner corner) {
        return (int) Math.floor(Math.min(corner.x() * canvas.width() / source.width(), canvas.width() - 1.0));
    }

    private int y(Canvas canvas, Corner corner) {
        return (int) Math.floor(Math.min(corner.y() * canvas.height() / source.height(), canvas.height() - 1.0));
    }

    /** Adds all that makes frames look otherwise to a digest; nothing without marks. */
    static void digest(List<Mark> marks, DataOutputStream out) throws IOException {
        for (Mark mark : marks) {
            out.writeUTF("mark");
            out.writeInt(mark.number());
            out.writeBoolean(mark.moves());
            out.writeInt(mark.keys().size());
            for (Mark.Key key : mark.keys()) {
                out.writeDouble(key.at() == null ? -1 : key.at());
                out.writeUTF(key.shape().form().name());
                out.writeInt(key.shape().corners().size());
                for (Corner corner : key.shape().corners()) {
                    out.writeDouble(corner.x());
                    out.writeDouble(corner.y());
                }
            }
        }
    }
}
