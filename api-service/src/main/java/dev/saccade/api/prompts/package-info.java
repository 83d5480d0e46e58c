/** Prompts by name over REST: the catalogue's and the tenant's own. */
@NullMarked
package dev.saccade.api.prompts;

import org.jspecify.annotations.NullMarked;
