/** The media cache over stores that fail, lie and take their time. */
@NullMarked
package dev.saccade.worker.media;

import org.jspecify.annotations.NullMarked;
