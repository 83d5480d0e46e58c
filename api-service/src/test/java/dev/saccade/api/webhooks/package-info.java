/** Webhooks over HTTP: registered, told, and judged by receivers of all kinds. */
@NullMarked
package dev.saccade.api.webhooks;

import org.jspecify.annotations.NullMarked;
