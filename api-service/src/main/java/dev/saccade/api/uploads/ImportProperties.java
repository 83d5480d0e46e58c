package dev.saccade.api.uploads;

import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether and how media is fetched from URLs that clients name.
 *
 * @param enabled off unless the operator wants this service to call other servers for its clients
 * @param ports that may be called
 * @param trustedHosts host names that may be called by any scheme, on any port, whatever they resolve to
 * @param timeout for one file, from the first name's resolution through all redirects to the last byte
 */
@ConfigurationProperties("saccade.import")
record ImportProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("443") Set<Integer> ports,
        @DefaultValue Set<String> trustedHosts,
        @DefaultValue("5m") Duration timeout) {}
