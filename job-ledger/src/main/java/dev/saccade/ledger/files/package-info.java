/** Files of lines that batches are made of, until they are over. */
@NullMarked
package dev.saccade.ledger.files;

import org.jspecify.annotations.NullMarked;
