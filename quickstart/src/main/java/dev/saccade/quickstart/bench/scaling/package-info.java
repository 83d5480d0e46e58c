/** A fleet of workers under autoscaling, played in steps of a second: how long jobs wait and how busy GPUs are. */
@NullMarked
package dev.saccade.quickstart.bench.scaling;

import org.jspecify.annotations.NullMarked;
