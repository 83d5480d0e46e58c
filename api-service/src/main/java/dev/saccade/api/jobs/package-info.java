/** Reasoning jobs over REST: submitted, watched, listed and cancelled. */
@NullMarked
package dev.saccade.api.jobs;

import org.jspecify.annotations.NullMarked;
