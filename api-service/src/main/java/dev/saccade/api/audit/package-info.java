/** The audit log over REST: sealing it, reading and exporting it, and writing down who read what is sensitive. */
@NullMarked
package dev.saccade.api.audit;

import org.jspecify.annotations.NullMarked;
