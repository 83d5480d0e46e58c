/** Uploads: streamed to the store while they are hashed, probed, and given back in ranges. */
@NullMarked
package dev.saccade.api.videos;

import org.jspecify.annotations.NullMarked;
