/** Webhooks over REST, and the messages that are sent to them, signed by Standard Webhooks. */
@NullMarked
package dev.saccade.api.webhooks;

import org.jspecify.annotations.NullMarked;
