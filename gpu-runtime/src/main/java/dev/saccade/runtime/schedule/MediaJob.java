package dev.saccade.runtime.schedule;

import java.util.concurrent.FutureTask;

/** Work for a media thread; jobs of lower rank go first, those of equal rank in their order. */
final class MediaJob extends FutureTask<Void> implements Comparable<MediaJob> {

    private final long rank;
    private final long number;

    MediaJob(long rank, long number, Runnable work) {
        super(work, null);
        this.rank = rank;
        this.number = number;
    }

    @Override
    public int compareTo(MediaJob other) {
        int byRank = Long.compare(rank, other.rank);
        return byRank != 0 ? byRank : Long.compare(number, other.number);
    }
}
