/**
 * Which sequences run in the next step, and how many tokens of each. {@link
 * dev.saccade.runtime.schedule.EngineLoop#run} is the place to begin reading.
 */
@NullMarked
package dev.saccade.runtime.schedule;

import org.jspecify.annotations.NullMarked;
