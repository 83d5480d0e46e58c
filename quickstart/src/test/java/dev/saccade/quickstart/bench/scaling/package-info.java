/** The simulated fleet, against what can be said without playing it. */
@NullMarked
package dev.saccade.quickstart.bench.scaling;

import org.jspecify.annotations.NullMarked;
