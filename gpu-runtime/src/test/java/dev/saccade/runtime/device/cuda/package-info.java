@NullMarked
package dev.saccade.runtime.device.cuda;

import org.jspecify.annotations.NullMarked;
