/** Qwen2.5-VL, written once against {@link dev.saccade.runtime.device.Device}: vision tower, rotary positions, decoder. */
@NullMarked
package dev.saccade.runtime.model;

import org.jspecify.annotations.NullMarked;
