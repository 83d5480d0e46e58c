@NullMarked
package dev.saccade.api.store;

import org.jspecify.annotations.NullMarked;
