/** The CPU's kernels against plain loops. */
@NullMarked
package dev.saccade.runtime.device.cpu;

import org.jspecify.annotations.NullMarked;
