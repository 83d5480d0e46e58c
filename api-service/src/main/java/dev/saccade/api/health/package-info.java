/** What readiness depends on and Spring does not check itself. */
@NullMarked
package dev.saccade.api.health;

import org.jspecify.annotations.NullMarked;
