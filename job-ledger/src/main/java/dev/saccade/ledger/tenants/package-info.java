/** Tenants and their API keys, of which only the SHA-256 is kept. */
@NullMarked
package dev.saccade.ledger.tenants;

import org.jspecify.annotations.NullMarked;
