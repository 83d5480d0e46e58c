package dev.saccade.ledger.outbox;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Hints that wait to be published. Several relays may work at once: each locks rows that no other has. */
public final class Outbox {

    /**
     * One round of a relay, in one transaction: locks the oldest unpublished rows, hands them to {@code publish}, and marks
     * those whose ids it returns, which the broker must have confirmed. What is not returned stays for the next round.
     *
     * @return how many rows were marked
     */
    public int relay(int limit, Function<List<OutboxRow>, Collection<UUID>> publish) {
        throw new UnsupportedOperationException();
    }

    /** The oldest unpublished rows that nobody else has, locked until the caller's transaction ends. */
    public List<OutboxRow> lockBatch(int limit) {
        throw new UnsupportedOperationException();
    }

    /** Marks rows that the broker confirmed, in the transaction that locked them. */
    public int markPublished(Collection<UUID> ids) {
        throw new UnsupportedOperationException();
    }
}
