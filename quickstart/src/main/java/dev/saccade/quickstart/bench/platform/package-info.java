/** {@code saccade bench platform}: jobs through the whole platform, with an engine that costs a millisecond. */
@NullMarked
package dev.saccade.quickstart.bench.platform;

import org.jspecify.annotations.NullMarked;
