/** The REST service: uploads, jobs, and the relay that publishes what was committed. */
@NullMarked
package dev.saccade.api;

import org.jspecify.annotations.NullMarked;
