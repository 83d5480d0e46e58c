/** What tenants use by key and day, and how much of their quotas. Counting itself is the database's (V43). */
@NullMarked
package dev.saccade.ledger.usage;

import org.jspecify.annotations.NullMarked;
