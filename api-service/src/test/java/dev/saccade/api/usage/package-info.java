@NullMarked
package dev.saccade.api.usage;

import org.jspecify.annotations.NullMarked;
