/** Messages that the broker gave up on: seen by those who run the platform, who may have the job announced again. */
@NullMarked
package dev.saccade.ledger.deadletters;

import org.jspecify.annotations.NullMarked;
