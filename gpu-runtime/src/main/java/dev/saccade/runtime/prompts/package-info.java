/** Prompts by name and version: their texts and defaults, how arguments fill them, and how answers become structures. */
@NullMarked
package dev.saccade.runtime.prompts;

import org.jspecify.annotations.NullMarked;
