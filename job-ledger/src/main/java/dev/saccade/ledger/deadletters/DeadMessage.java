package dev.saccade.ledger.deadletters;

import dev.saccade.ledger.messages.JobHint;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it lay among the dead letters.
 *
 * @param id as its publisher gave it; null where it has none
 * @param hint null where its body is none
 * @param queue where it died
 * @param reason the broker's word, e.g. {@code rejected} or {@code delivery_limit}
 * @param bytes size of its body
 */
public record DeadMessage(@Nullable UUID id, @Nullable JobHint hint, String queue, String reason, int bytes) {}
