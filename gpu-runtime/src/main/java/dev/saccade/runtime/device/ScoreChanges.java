package dev.saccade.runtime.device;

import java.util.Arrays;

/**
 * Changes to the scores of a few tokens: {@code score += added}, then a positive score is divided by {@code factor} and any
 * other multiplied, then {@code score -= subtracted}. And tokens that are banned, whatever their score.
 */
public final class ScoreChanges {

    private int[] ids = {};
    private float[] values = {}; // added, factor, subtracted of each
    private int count;
    private int[] banned = {};
    private int bans;

    public void clear() {
        count = 0;
        bans = 0;
    }

    /** Changes a token that has not been changed before. */
    public void change(int id, double added, double factor, double subtracted) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, Math.max(64, 2 * count));
            values = Arrays.copyOf(values, 3 * ids.length);
        }
        values[3 * count] = (float) added;
        values[3 * count + 1] = (float) factor;
        values[3 * count + 2] = (float) subtracted;
        ids[count++] = id;
    }

    /** Bans a token, once or more often. */
    public void ban(int id) {
        if (bans == banned.length) {
            banned = Arrays.copyOf(banned, Math.max(16, 2 * bans));
        }
        banned[bans++] = id;
    }

    public int count() {
        return count;
    }

    public int id(int index) {
        return ids[index];
    }

    public float added(int index) {
        return values[3 * index];
    }

    public float factor(int index) {
        return values[3 * index + 1];
    }

    public float subtracted(int index) {
        return values[3 * index + 2];
    }

    public int bans() {
        return bans;
    }

    public int banned(int index) {
        return banned[index];
    }
}
