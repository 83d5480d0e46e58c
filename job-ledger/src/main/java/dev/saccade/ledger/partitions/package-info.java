/** Tables cut by time: the next partitions are made ahead, old ones dropped. What is cut and kept is migrate's to say (V64). */
@NullMarked
package dev.saccade.ledger.partitions;

import org.jspecify.annotations.NullMarked;
