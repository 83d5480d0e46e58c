package dev.saccade.api.batches;

import dev.saccade.ledger.batches.BatchView;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.node.ObjectNode;

/** Batches as other clients know them, at the same addresses: how they are asked for, their ids, and their document. */
public interface BatchDialect {

    /** Whether a body is of this dialect. */
    boolean asks(ObjectNode body);

    /** Makes a batch of it. */
    ResponseEntity<Object> submit(Caller caller, ObjectNode body, HttpServletRequest request) throws IOException;

    /** The batch that an id of this dialect names; empty for ids of others. */
    Optional<UUID> parse(String id);

    /** A batch that was asked for in this dialect. */
    Object document(BatchView batch);
}
