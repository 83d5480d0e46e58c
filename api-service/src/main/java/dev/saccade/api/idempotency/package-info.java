/** {@code Idempotency-Key}: what a client posts twice is created once, and answered twice alike. */
@NullMarked
package dev.saccade.api.idempotency;

import org.jspecify.annotations.NullMarked;
