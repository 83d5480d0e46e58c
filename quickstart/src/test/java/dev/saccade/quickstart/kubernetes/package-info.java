/** The Helm chart: rendered, compared with the services' settings, and run against the API server's own programs. */
@NullMarked
package dev.saccade.quickstart.kubernetes;

import org.jspecify.annotations.NullMarked;
