/** Prompts that tenants have defined, by name and version. */
@NullMarked
package dev.saccade.ledger.prompts;

import org.jspecify.annotations.NullMarked;
