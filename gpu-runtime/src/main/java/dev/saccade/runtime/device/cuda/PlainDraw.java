package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.sampling.CounterRandom;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Draws by greedy choice, or by top-k and then top-p, as these are defined: to compare the card's tokens with. */
final class PlainDraw {

    private PlainDraw() {}

    static int of(float[] scores, TokenDraw draw) {
        for (int id = 0; draw.allowed() != null && id < scores.length; id++) {
            if ((draw.allowed()[id / Long.SIZE] >>> id & 1) == 0) {
                scores[id] = Float.NEGATIVE_INFINITY;
            }
        }
        change(scores, draw.changes());
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -scores[id]).thenComparing(id -> id))
                .mapToInt(id -> id)
                .toArray();
        if (scores[order[0]] == Float.NEGATIVE_INFINITY) {
            return TokenDraw.UNDRAWN;
        }
        if (draw.temperature() == 0) {
            return order[0];
        }
        int likeliest = draw.topK() == 0 ? order.length : draw.topK();
        while (likeliest < order.length && scores[order[likeliest]] == scores[order[likeliest - 1]]) {
            likeliest++; // what is as likely as the last one stays
        }
        double[] weights = new double[likeliest];
        double all = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp((scores[order[i]] - scores[order[0]]) / draw.temperature());
            all += weights[i];
        }
        double kept = 0;
        int count = 0;
        while (count < weights.length && kept < draw.topP() * all) {
            kept += weights[count++];
        }
        double left = kept * CounterRandom.uniform(draw.seed(), draw.sequence(), draw.step());
        int at = 0;
        while (at < count - 1 && left >= weights[at]) {
            left -= weights[at++];
        }
        return order[at];
    }

    private static void change(float[] scores, ScoreChanges changes) {
        for (int i = 0; i < changes.count(); i++) {
            float score = scores[changes.id(i)] + changes.added(i);
            float factor = changes.factor(i);
            scores[changes.id(i)] = (score > 0 ? score / factor : score * factor) - changes.subtracted(i);
        }
        for (int i = 0; i < changes.bans(); i++) {
            scores[changes.banned(i)] = Float.NEGATIVE_INFINITY;
        }
    }
}
