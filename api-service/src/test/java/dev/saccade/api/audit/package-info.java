@NullMarked
package dev.saccade.api.audit;

import org.jspecify.annotations.NullMarked;
