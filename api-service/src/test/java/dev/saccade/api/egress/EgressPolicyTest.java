package dev.saccade.api.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EgressPolicyTest {

    private final EgressPolicy policy = new EgressPolicy(Set.of(443, 8443), Set.of("localhost"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com",
                "https://hooks.example.com:8443/a?b=c%20d",
                "HTTPS://Hooks.Example.COM/",
                "https://xn--bcher-kva.example/",
                "http://localhost:1/"
            })
    void publicNameOnAKnownPortMayBeCalled(String url) {
        assertThat(policy.check(url).getHost()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[64:ff9b::a00:1]/",
                "https://0.0.0.0/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://8.8.8.8/",
                "https://kubernetes.default.svc.cluster.local/",
                "https://kubernetes.default.svc/",
                "https://metadata.google.internal/",
                "https://app.localhost/",
                "https://router.lan/",
                "https://intranet/",
                "https://hooks.example.com./",
                "http://hooks.example.com/",
                "http://ok\\@10.0.0.1/",
                "https://ok\\@10.0.0.1/",
                "https://user:secret@hooks.example.com/",
                "https://hooks.example.com@10.0.0.1/",
                "https://10.0.0.1#@hooks.example.com/",
                "file:///etc/passwd",
                "gopher://hooks.example.com/",
                "ftp://hooks.example.com/",
                "jar:https://hooks.example.com/a!/b",
                "https://hooks.example.com:22/",
                "https://hooks.example.com:6379/",
                "https://hooks.example.com:0/",
                "https://hooks.example.com:99999/",
                "https://hooks.example.com/\r\nHost: evil",
                "https://hooks.example.com/\nx",
                "https://hooks.example.com/\t",
                "https://höoks.example.com/",
                "https://hooks.example.com/#fragment",
                "https:///path",
                "https:hooks.example.com",
                "//hooks.example.com",
                "hooks.example.com",
                " https://hooks.example.com",
                "",
                "https://",
                "http://127.0.0.1:1/",
                "http://localhost@10.0.0.1/"
            })
    void everythingElseMayNot(String url) {
        assertThatThrownBy(() -> policy.check(url)).isInstanceOf(ForbiddenUrlException.class);
    }

    @Test
    void urlThatIsTooLongMayNot() {
        assertThatThrownBy(() -> policy.check("https://hooks.example.com/" + "a".repeat(2_000)))
                .isInstanceOf(ForbiddenUrlException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.0.0.1",
                "100.64.0.1",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::a00:1",
                "2002:a00:1::",
                "2001::1",
                "2001:db8::1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "100::1",
                "3fff::1"
            })
    void addressIsNotPublic(String address) throws UnknownHostException {
        assertThat(PublicAddresses.contain(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "2a00::1"})
    void addressIsPublic(String address) throws UnknownHostException {
        assertThat(PublicAddresses.contain(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void privateAddressAmongPublicOnesForbidsThemAll() throws IOException {
        var addresses = List.of(InetAddress.getByName("8.8.8.8"), InetAddress.getByName("10.0.0.1"));

        assertThatThrownBy(() -> new GuardedDns(policy, host -> addresses).lookup("hooks.example.com"))
                .isInstanceOf(ForbiddenUrlException.class);
    }

    @Test
    void nameThatIsBoundAnewIsCheckedAnewAndTheConnectionGoesToWhatWasChecked() throws IOException {
        var answers = new ArrayDeque<>(
                List.of(List.of(InetAddress.getByName("8.8.8.8")), List.of(InetAddress.getByName("169.254.169.254"))));
        Dns rebinding = host -> answers.remove();
        var dns = new GuardedDns(policy, rebinding);

        assertThat(dns.lookup("hooks.example.com")).containsExactly(InetAddress.getByName("8.8.8.8"));
        assertThatThrownBy(() -> dns.lookup("hooks.example.com")).isInstanceOf(ForbiddenUrlException.class);
    }
}
