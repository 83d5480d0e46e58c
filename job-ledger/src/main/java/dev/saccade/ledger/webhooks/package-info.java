/** Webhooks: where tenants want to hear of what, and what is still to be told, shared by all API instances. */
@NullMarked
package dev.saccade.ledger.webhooks;

import org.jspecify.annotations.NullMarked;
