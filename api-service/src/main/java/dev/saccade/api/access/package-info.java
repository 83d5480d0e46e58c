/** Who is calling: bearer API keys, checked before anything else; closed unless opened by name. */
@NullMarked
package dev.saccade.api.access;

import org.jspecify.annotations.NullMarked;
