@NullMarked
package dev.saccade.api.observability;

import org.jspecify.annotations.NullMarked;
