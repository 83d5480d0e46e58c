package dev.saccade.api.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Resolves names for one connection, which goes to the very addresses that were checked: what the name means a moment later
 * doesn't matter. One forbidden address among others forbids them all.
 */
record GuardedDns(EgressPolicy policy, Dns resolver) implements Dns {

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> addresses = resolver.lookup(host);
        if (!policy.trusts(host) && !addresses.stream().allMatch(PublicAddresses::contain)) {
            throw new ForbiddenUrlException("The host's name leads to an address that is not public.");
        }
        return addresses;
    }
}
