/** Commands about GPUs. */
@NullMarked
package dev.saccade.quickstart.gpu;

import org.jspecify.annotations.NullMarked;
