/** The database schema as Flyway migrations, and the program that applies them. */
@NullMarked
package dev.saccade.migrations;

import org.jspecify.annotations.NullMarked;
