/** Clips that are judged together, each by a job of its own. */
@NullMarked
package dev.saccade.ledger.critiques;

import org.jspecify.annotations.NullMarked;
