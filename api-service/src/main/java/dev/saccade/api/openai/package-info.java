/** The addresses of OpenAI's API, for clients that exist already. What comes in by them is a job, a video or a batch like any other. */
@NullMarked
package dev.saccade.api.openai;

import org.jspecify.annotations.NullMarked;
