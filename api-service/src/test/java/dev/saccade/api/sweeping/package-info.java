/** What the sweeper puts right, on a running API. */
@NullMarked
package dev.saccade.api.sweeping;

import org.jspecify.annotations.NullMarked;
