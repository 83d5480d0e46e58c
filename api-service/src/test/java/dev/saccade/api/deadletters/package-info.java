@NullMarked
package dev.saccade.api.deadletters;

import org.jspecify.annotations.NullMarked;
