/** How the ledger writes JSON and text so that PostgreSQL takes them. */
@NullMarked
package dev.saccade.ledger.json;

import org.jspecify.annotations.NullMarked;
