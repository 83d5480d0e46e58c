/** The CPU device: Vector API kernels of any lane width over packed weights, on a small pool of platform threads. */
@NullMarked
package dev.saccade.runtime.device.cpu;

import org.jspecify.annotations.NullMarked;
