/** Tokenizer, chat template, incremental detokenization, and the tags that split an answer from its reasoning. */
@NullMarked
package dev.saccade.runtime.text;

import org.jspecify.annotations.NullMarked;
