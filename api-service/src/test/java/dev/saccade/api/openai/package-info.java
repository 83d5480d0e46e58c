/** OpenAI's addresses over HTTP, with the test in the worker's place. */
@NullMarked
package dev.saccade.api.openai;

import org.jspecify.annotations.NullMarked;
