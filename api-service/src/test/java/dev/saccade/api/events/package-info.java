@NullMarked
package dev.saccade.api.events;

import org.jspecify.annotations.NullMarked;
