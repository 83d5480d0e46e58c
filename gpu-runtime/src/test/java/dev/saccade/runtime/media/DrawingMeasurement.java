package dev.saccade.runtime.media;

import com.sun.management.OperatingSystemMXBean;
import dev.saccade.runtime.Mark;
import dev.saccade.runtime.Mark.Corner;
import dev.saccade.runtime.Mark.Form;
import dev.saccade.runtime.Mark.Key;
import dev.saccade.runtime.Mark.Shape;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what drawing timestamps and marks costs of a clip's media time, from the file to its patches: plain and drawn in
 * turns, the best round of each, and the processor time of this JVM in a round, which other work on the machine changes
 * less. The decoder is a process of its own and does the same in every round. It asserts nothing. Arguments: rounds, then
 * width, height and seconds of the clip.
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
        Part.Video[] clips = {plain, plain, marked, marked};
        VisionOptions[] options = {VisionOptions.DEFAULT, times, VisionOptions.DEFAULT, times};
        double[][] taken = new double[4][rounds];
        double[][] processor = new double[4][rounds];
        for (int round = -3; round < rounds; round++) {
            for (int way = 0; way < clips.length; way++) {
                long processorBegun = processorNanos();
                long begun = System.nanoTime();
                pipeline.prepare(pipeline.measure(clips[way], options[way], pipeline.content(clips[way])));
                if (round >= 0) {
                    taken[way][round] = (System.nanoTime() - begun) / 1e6;
                    processor[way][round] = (processorNanos() - processorBegun) / 1e6;
                }
            }
        }
        String[] names = {"plain", "timestamps", MARKS + " marks", "both"};
        double media = best(taken[0]);
        for (int way = 0; way < names.length; way++) {
            double more = mean(processor[way]) - mean(processor[0]);
            System.out.printf(
                    "%-12s %8.1f ms  %+5.1f %%   processor %8.1f ms, %+5.1f %% of the plain clip's time%n",
                    names[way],
                    best(taken[way]),
                    100 * (best(taken[way]) / media - 1),
                    mean(processor[way]),
                    100 * more / media);
        }
        Files.delete(clip);
    }

    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** Processor time is counted in steps of ten milliseconds: only a mean is finer. */
    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
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
