/** Tests of critiques. */
@NullMarked
package dev.saccade.api.critiques;

import org.jspecify.annotations.NullMarked;
