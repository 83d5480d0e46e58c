/** Tests of the prompts: their files, arguments and parsers, and those that the demo model can answer. */
@NullMarked
package dev.saccade.runtime.prompts;

import org.jspecify.annotations.NullMarked;
