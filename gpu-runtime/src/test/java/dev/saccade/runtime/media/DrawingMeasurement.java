package dev.saccade.runtime.media;

import dev.saccade.runtime.Mark;
import dev.saccade.runtime.Mark.Corner;
import dev.saccade.runtime.Mark.Form;
import dev.saccade.runtime.Mark.Key;
import dev.saccade.runtime.Mark.Shape;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what drawing timestamps and marks costs of a clip's media time, from the file to its patches: plain and drawn in
 * turns, the best round of each. It asserts nothing. Arguments: rounds, then width, height and seconds of the clip.
 */
final class DrawingMeasurement {

    private static final int MARKS = 8;

    private DrawingMeasurement() {}

    static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        int width = Integer.parseInt(arguments[1]);
        int height = Integer.parseInt(arguments[2]);
        Path clip = Files.createTempFile("drawing", ".mp4");
        new SyntheticClip(width, height, Double.parseDouble(arguments[3])).write(clip, 0);
        MediaPipeline pipeline = new MediaPipeline(MediaLimits.DEFAULT, PreprocessorBounds.COSMOS_REASON1);
        Part.Video plain = new Part.Video(clip);
        Part.Video marked = new Part.Video(clip, marks(width, height, Double.parseDouble(arguments[3])));
        VisionOptions times = VisionOptions.DEFAULT.withTimestamps(true);
        double[][] taken = new double[4][rounds];
        for (int round = -3; round < rounds; round++) {
            double[] now = {
                millis(pipeline, plain, VisionOptions.DEFAULT),
                millis(pipeline, plain, times),
                millis(pipeline, marked, VisionOptions.DEFAULT),
                millis(pipeline, marked, times)
            };
            for (int way = 0; way < now.length && round >= 0; way++) {
                taken[way][round] = now[way];
            }
        }
        String[] names = {"plain", "timestamps", MARKS + " marks", "both"};
        double base = best(taken[0]);
        for (int way = 0; way < names.length; way++) {
            System.out.printf(
                    "%-12s %8.1f ms  %+5.1f %%%n", names[way], best(taken[way]), 100 * (best(taken[way]) / base - 1));
        }
        Files.delete(clip);
    }

    private static double millis(MediaPipeline pipeline, Part.Video clip, VisionOptions options) {
        long begun = System.nanoTime();
        pipeline.prepare(pipeline.measure(clip, options, pipeline.content(clip)));
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double best(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static List<Mark> marks(int width, int height, double seconds) {
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < MARKS; i++) {
            double left = width * i / (MARKS + 1.0);
            Shape from = new Shape(
                    Form.BOX, List.of(new Corner(left, height * 0.1), new Corner(left + width * 0.1, height * 0.5)));
            Shape to = new Shape(
                    Form.BOX, List.of(new Corner(left, height * 0.5), new Corner(left + width * 0.1, height * 0.9)));
            marks.add(new Mark(i, true, List.of(new Key(0.0, from), new Key(seconds / 2, to), new Key(seconds, from))));
        }
        return marks;
    }
}
