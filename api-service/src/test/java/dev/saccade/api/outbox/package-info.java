/** Tests of the package of the same name. */
@NullMarked
package dev.saccade.api.outbox;

import org.jspecify.annotations.NullMarked;
