/** Usage and quotas over REST, and the thread that rolls usage up. */
@NullMarked
package dev.saccade.api.usage;

import org.jspecify.annotations.NullMarked;
