/**
 * PostgreSQL, an AMQP broker and an S3 store that live in one data folder: real parts, each bound to the loopback
 * address on a random port with its own generated password.
 */
@NullMarked
package dev.saccade.quickstart.embedded;

import org.jspecify.annotations.NullMarked;
