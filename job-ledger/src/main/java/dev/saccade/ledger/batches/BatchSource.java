package dev.saccade.ledger.batches;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file that a batch was made of.
 *
 * @param fileId it may be gone since
 * @param endpoint what each of its lines is a request to
 * @param metadata the client's, as JSON
 */
public record BatchSource(
        UUID fileId, String endpoint, @Nullable String metadata) {}
