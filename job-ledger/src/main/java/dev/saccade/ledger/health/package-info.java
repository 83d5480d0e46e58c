/** How a service that runs is asked whether it is ready. */
@NullMarked
package dev.saccade.ledger.health;

import org.jspecify.annotations.NullMarked;
