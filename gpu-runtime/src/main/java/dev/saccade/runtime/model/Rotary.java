package dev.saccade.runtime.model;

/** Cosines and sines for rotary positions, a row being size / 2 cosines and then size / 2 sines. */
final class Rotary {

    private Rotary() {}

    /** {@code 1 / theta^(i / count)} for i below {@code count}, in float32 as in the reference. */
    static float[] inverseFrequencies(double theta, int count) {
        float[] frequencies = new float[count];
        for (int i = 0; i < count; i++) {
            frequencies[i] = (float) (1 / Math.pow(theta, (double) i / count));
        }
        return frequencies;
    }

    static void put(float[] table, int row, int half, int j, float angle) {
        table[row * 2 * half + j] = (float) Math.cos(angle);
        table[row * 2 * half + half + j] = (float) Math.sin(angle);
    }

    /**
     * M-RoPE: the frequencies are dealt to time, height and width in the sections' sizes.
     *
     * @param positions (3, rows)
     * @param table (rows, size), overwritten
     */
    static void multimodal(int[][] positions, float[] frequencies, int[] sections, float[] table) {
        int half = frequencies.length;
        for (int row = 0; row < positions[0].length; row++) {
            int j = 0;
            for (int axis = 0; axis < sections.length; axis++) {
                for (int i = 0; i < sections[axis]; i++, j++) {
                    put(table, row, half, j, positions[axis][row] * frequencies[j]);
                }
            }
        }
    }

    /**
     * The vision tower's: the first half of the angles from the patch's row, the second from its column.
     *
     * @param frequencies size / 4 of them
     */
    static void planar(int[] rows, int[] columns, float[] frequencies, float[] table) {
        int half = 2 * frequencies.length;
        for (int row = 0; row < rows.length; row++) {
            for (int j = 0; j < frequencies.length; j++) {
                put(table, row, half, j, rows[row] * frequencies[j]);
                put(table, row, half, frequencies.length + j, columns[row] * frequencies[j]);
            }
        }
    }
}
