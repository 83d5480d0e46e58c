package dev.saccade.runtime.schedule;

import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.media.MeasuredMedia;
import dev.saccade.runtime.media.MediaSummary;
import dev.saccade.runtime.schedule.KnownMedia.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The media of one request on their way to a prompt. Guarded by {@link Preparation}'s lock. */
final class MediaWork implements Comparable<MediaWork> {

    /** Requests of a better class that may go before one of the next class. */
    private static final int OVERTAKINGS = 16;

    final Ticket ticket;
    final List<Part> media;
    final List<MediaJob> jobs = new ArrayList<>();

    /** Place in the order of work: arrival, with some grace for the urgent. */
    final long rank;

    final @Nullable Query[] queries;
    final @Nullable MeasuredMedia[] measured; // of those that were not known
    final @Nullable Clip[] clips;
    int looked; // media whose file was looked into
    boolean handedOver; // to the engine's thread, or failed
    boolean ended;

    @Nullable
    VisualTokens visuals;

    MediaWork(Ticket ticket, long number) {
        this.ticket = ticket;
        this.media = media(ticket.request().messages());
        this.rank = number
                + (long) OVERTAKINGS * ticket.request().urgency().priority().ordinal();
        this.queries = new Query[media.size()];
        this.measured = new MeasuredMedia[media.size()];
        this.clips = new Clip[media.size()];
    }

    static List<Part> media(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .filter(part -> !(part instanceof Part.Text))
                .toList();
    }

    Query query(int index) {
        return Objects.requireNonNull(queries[index], "the file was looked into");
    }

    /** Pixels of all media that were not known, each counted once. */
    long bytesToDecode() {
        Set<Query> counted = new HashSet<>();
        long bytes = 0;
        for (int i = 0; i < clips.length; i++) {
            MeasuredMedia one = measured[i];
            if (one != null && clips[i] == null && counted.add(query(i))) {
                bytes += one.patchBytes();
            }
        }
        return bytes;
    }

    int resolved() {
        int resolved = 0;
        for (Clip clip : clips) {
            resolved += clip == null ? 0 : 1;
        }
        return resolved;
    }

    boolean complete() {
        return resolved() == clips.length;
    }

    List<Clip> allClips() {
        List<Clip> all = new ArrayList<>();
        for (Clip clip : clips) {
            all.add(Objects.requireNonNull(clip, "all media are there"));
        }
        return all;
    }

    List<MediaSummary> summaries() {
        return allClips().stream().map(clip -> clip.summary).toList();
    }

    @Override
    public int compareTo(MediaWork other) {
        return Long.compare(rank, other.rank);
    }
}
