package dev.saccade.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A numbered mark on a subject of a clip or an image, which is drawn on the frames before the model sees them.
 *
 * <p>A mark of one shape without a time stands on every frame. Shapes with times are key frames: between two of them the
 * mark moves evenly, or stays as it is until the next one; before the first of them it is not there.
 *
 * @param number what is written beside it, 0 to 999
 * @param moves evenly from one key frame to the next, and is gone after the last; else each holds until the next, the last
 *     one until the clip's end
 * @param keys in the order of time
 */
public record Mark(int number, boolean moves, List<Key> keys) {

    public static final int MOST_MARKS = 64;
    public static final int MOST_KEYS = 1_000;
    public static final int MOST_CORNERS = 200;

    private static final int LARGEST_NUMBER = 999;

    public Mark {
        keys = List.copyOf(keys);
    }

    /** A shape at a time. */
    public record Key(@Nullable Double at, Shape shape) {

        /**
         * Reads numbers as requests have them; exactly one of the three is given.
         *
         * @param box left, top, right, bottom
         * @param point x, y
         * @param polygon corners x, y
         * @return null where they are no shape
         */
        public static @Nullable Key of(
                @Nullable Double at,
                @Nullable List<@Nullable Double> box,
                @Nullable List<@Nullable Double> point,
                @Nullable List<@Nullable List<@Nullable Double>> polygon) {
            int given = (box == null ? 0 : 1) + (point == null ? 0 : 1) + (polygon == null ? 0 : 1);
            List<Corner> corners = new ArrayList<>();
            boolean read = given == 1
                    && (box == null || (add(corners, box, 0, 4) && add(corners, box, 2, 4)))
                    && (point == null || add(corners, point, 0, 2))
                    && (polygon == null || addAll(corners, polygon));
            Form form = box != null ? Form.BOX : point != null ? Form.POINT : Form.POLYGON;
            return read ? new Key(at, new Shape(form, corners)) : null;
        }

        private static boolean addAll(List<Corner> corners, List<@Nullable List<@Nullable Double>> polygon) {
            boolean read = true;
            for (@Nullable List<@Nullable Double> corner : polygon) {
                read &= add(corners, corner, 0, 2);
            }
            return read;
        }

        /** Adds the corner at {@code from}, where the list has as many numbers as it should. */
        private static boolean add(List<Corner> corners, @Nullable List<@Nullable Double> numbers, int from, int size) {
            Double x = numbers == null || numbers.size() != size ? null : numbers.get(from);
            Double y = numbers == null || numbers.size() != size ? null : numbers.get(from + 1);
            return x != null && y != null && corners.add(new Corner(x, y));
        }
    }

    /** How a shape is drawn. */
    public enum Form {
        /** Two corners: left and top, right and bottom. */
        BOX,
        /** One corner. */
        POINT,
        /** Three corners or more. */
        POLYGON
    }

    /** Corners in pixels of the clip's own frames, from the upper left. */
    public record Shape(Form form, List<Corner> corners) {

        public Shape {
            corners = List.copyOf(corners);
        }
    }

    /** A place in a frame. */
    public record Corner(double x, double y) {}

    /**
     * Looks for what is wrong with marks.
     *
     * @param width of the clip's frames, in pixels
     * @param seconds how long the clip is; 0 for an image, whose marks have no times
     * @param wrong takes a JSON pointer into the list, as it is written in requests, and a sentence that says how to mend it
     */
    public static void check(
            List<Mark> marks, int width, int height, double seconds, BiConsumer<String, String> wrong) {
        if (marks.size() > MOST_MARKS) {
            wrong.accept("", "Give at most " + MOST_MARKS + " marks.");
            return;
        }
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            if (mark.number < 0 || mark.number > LARGEST_NUMBER) {
                wrong.accept("/" + i + "/number", "Give a number from 0 to " + LARGEST_NUMBER + ".");
            } else if (numbers.contains(mark.number)) {
                wrong.accept("/" + i + "/number", "There is a mark " + mark.number + " already.");
            }
            numbers.add(mark.number);
            if (mark.keys.isEmpty() || mark.keys.size() > MOST_KEYS) {
                wrong.accept("/" + i + "/frames", "Give 1 to " + MOST_KEYS + " frames.");
            } else {
                mark.checkKeys("/" + i + "/frames/", width, height, seconds, wrong);
            }
        }
    }

    private void checkKeys(String pointer, int width, int height, double seconds, BiConsumer<String, String> wrong) {
        Shape first = keys.getFirst().shape();
        for (int i = 0; i < keys.size(); i++) {
            Key key = keys.get(i);
            Double at = key.at();
            Double before = i == 0 ? null : keys.get(i - 1).at();
            if (at == null && keys.size() > 1) {
                wrong.accept(
                        pointer + i + "/at",
                        "Give the second at which it is there; only a mark of one frame needs none.");
            } else if (at != null && seconds == 0) {
                wrong.accept(pointer + i + "/at", "An image has no time. Leave this out.");
            } else if (at != null && !(at >= 0 && at <= seconds)) {
                wrong.accept(
                        pointer + i + "/at",
                        "The second %s is not in the clip, which is %.2f s long.".formatted(at, seconds));
            } else if (at != null && before != null && at <= before) {
                wrong.accept(pointer + i + "/at", "Give frames in the order of time, each second once.");
            }
            checkShape(key.shape(), pointer + i, width, height, wrong);
            boolean other = key.shape().form() != first.form()
                    || key.shape().corners().size() != first.corners().size();
            if (moves && other) {
                wrong.accept(pointer + i, "A mark that moves keeps its form and its number of corners.");
            }
        }
    }

    private static void checkShape(
            Shape shape, String pointer, int width, int height, BiConsumer<String, String> wrong) {
        int count = shape.corners().size();
        boolean counts = switch (shape.form()) {
            case BOX -> count == 2;
            case POINT -> count == 1;
            case POLYGON -> count >= 3 && count <= MOST_CORNERS;
        };
        if (!counts) {
            wrong.accept(pointer, "A box has two corners, a point one, and a polygon 3 to " + MOST_CORNERS + ".");
            return;
        }
        for (Corner corner : shape.corners()) {
            if (!(corner.x() >= 0 && corner.x() <= width && corner.y() >= 0 && corner.y() <= height)) {
                wrong.accept(
                        pointer,
                        "The place (%s, %s) is not in the frame, which is %d x %d pixels."
                                .formatted(corner.x(), corner.y(), width, height));
                return;
            }
        }
        if (shape.form() == Form.BOX
                && (shape.corners().getFirst().x() >= shape.corners().getLast().x()
                        || shape.corners().getFirst().y()
                                >= shape.corners().getLast().y())) {
            wrong.accept(pointer, "Give a box as left, top, right, bottom, with left < right and top < bottom.");
        }
    }

    /** Where it is at this second; null where it isn't there. */
    public @Nullable Shape at(double second) {
        Key first = keys.getFirst();
        if (first.at() == null) {
            return first.shape();
        }
        Key before = null;
        for (Key key : keys) {
            if (at(key) > second + NEAR) {
                return before == null ? null : moves ? between(before, key, second) : before.shape();
            }
            before = key;
        }
        boolean isOver = moves && before != null && second > at(before) + NEAR;
        return before == null || isOver ? null : before.shape();
    }

    /** Times of frames are written with few digits. */
    private static final double NEAR = 0.02;

    private static double at(Key key) {
        return key.at() == null ? 0 : key.at();
    }

    private static Shape between(Key from, Key to, double second) {
        double share = Math.clamp((second - at(from)) / (at(to) - at(from)), 0, 1);
        List<Corner> corners = new ArrayList<>();
        for (int i = 0; i < from.shape().corners().size(); i++) {
            Corner a = from.shape().corners().get(i);
            Corner b = to.shape().corners().get(i);
            corners.add(new Corner(a.x() + share * (b.x() - a.x()), a.y() + share * (b.y() - a.y())));
        }
        return new Shape(from.shape().form(), corners);
    }
}
