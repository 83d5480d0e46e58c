/** The worker as a whole, with the real engine. */
@NullMarked
package dev.saccade.worker;

import org.jspecify.annotations.NullMarked;
