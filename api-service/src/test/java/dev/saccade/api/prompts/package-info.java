/** Tests of prompts over REST. */
@NullMarked
package dev.saccade.api.prompts;

import org.jspecify.annotations.NullMarked;
