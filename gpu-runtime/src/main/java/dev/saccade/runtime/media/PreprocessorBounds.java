package dev.saccade.runtime.media;

/**
 * What a checkpoint's {@code preprocessor_config.json} says of pixels.
 *
 * @param minPixels fewest pixels of a frame
 * @param maxPixels most pixels of a frame
 * @param mean mean of red, green and blue, of values from 0 to 1
 * @param std standard deviation of red, green and blue
 * @param patchSize side of a patch in pixels; 14 is the only one that runs
 * @param temporalPatchSize frames in a patch; 2 is the only one that runs
 * @param mergeSize patches along each side of a visual token; 2 is the only one that runs
 */
@SuppressWarnings("ArrayRecordComponent") // three numbers each, read only
public record PreprocessorBounds(
        long minPixels,
        long maxPixels,
        float[] mean,
        float[] std,
        int patchSize,
        int temporalPatchSize,
        int mergeSize) {

    /** The published 7B checkpoint's values, with the digits that its file writes. */
    @SuppressWarnings("FloatingPointLiteralPrecision")
    public static final PreprocessorBounds COSMOS_REASON1 = new PreprocessorBounds(
            3136,
            12_845_056,
            new float[] {0.48145466f, 0.4578275f, 0.40821073f},
            new float[] {0.26862954f, 0.26130258f, 0.27577711f},
            14,
            2,
            2);

    public PreprocessorBounds {
        if (patchSize != 14 || temporalPatchSize != 2 || mergeSize != 2) {
            throw new IllegalArgumentException("Patches of " + patchSize + " x " + patchSize + " pixels, "
                    + temporalPatchSize + " frames, merged by " + mergeSize
                    + " are not supported; only 14 x 14, 2 and 2 are");
        }
        if (mean.length != 3 || std.length != 3) {
            throw new IllegalArgumentException("image_mean and image_std need three values each");
        }
        if (minPixels < 1 || maxPixels < minPixels) {
            throw new IllegalArgumentException(
                    "min_pixels is " + minPixels + " and max_pixels " + maxPixels + "; give 1 <= min <= max");
        }
    }
}
