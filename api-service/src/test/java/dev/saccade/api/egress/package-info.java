/** What may be called, and what a hostile receiver can do. */
@NullMarked
package dev.saccade.api.egress;

import org.jspecify.annotations.NullMarked;
