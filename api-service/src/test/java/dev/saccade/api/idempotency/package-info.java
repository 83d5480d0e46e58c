@NullMarked
package dev.saccade.api.idempotency;

import org.jspecify.annotations.NullMarked;
