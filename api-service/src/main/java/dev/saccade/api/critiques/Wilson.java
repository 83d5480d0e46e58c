package dev.saccade.api.critiques;

/**
 * The Wilson score interval of a share, at 95 %: for the few samples that a critique has it stays within 0 and 1, and is
 * not empty where all of them agree. E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22 (1927).
 */
public record Wilson(double low, double high) {

    private static final double Z = 1.959963984540054;

    public static Wilson of(int hits, int samples) {
        if (samples == 0) {
            return new Wilson(0, 1);
        }
        double share = (double) hits / samples;
        double spread = Z * Z / samples;
        double centre = (share + spread / 2) / (1 + spread);
        double half = Z * Math.sqrt(share * (1 - share) / samples + spread / (4 * samples)) / (1 + spread);
        return new Wilson(Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
