/** The starter in small applications. */
@NullMarked
package dev.saccade.starter;

import org.jspecify.annotations.NullMarked;
