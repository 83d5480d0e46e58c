/**
 * What the model runs on: buffers, weights, a paged key-value cache and about a dozen fused operations. A device never
 * knows what a layer is; the model never knows what a device is.
 */
@NullMarked
package dev.saccade.runtime.device;

import org.jspecify.annotations.NullMarked;
