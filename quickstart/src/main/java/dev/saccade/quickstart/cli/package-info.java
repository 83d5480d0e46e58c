/** The command line: its entry, and what all commands share. */
@NullMarked
package dev.saccade.quickstart.cli;

import org.jspecify.annotations.NullMarked;
