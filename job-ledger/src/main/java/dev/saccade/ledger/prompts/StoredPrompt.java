package dev.saccade.ledger.prompts;

import java.time.Instant;

/**
 * A version of a tenant's prompt.
 *
 * @param definition as the engine's library writes it, with this name and version
 */
public record StoredPrompt(String name, int version, String definition, Instant createdAt) {}
