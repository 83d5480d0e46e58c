/** PostgreSQL, AMQP broker and S3 store for tests: real parts, started once for each test JVM. */
@NullMarked
package dev.saccade.worker.embedded;

import org.jspecify.annotations.NullMarked;
