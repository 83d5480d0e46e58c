package dev.saccade.api.running;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** An OAuth 2 issuer that signs whatever a test asks for. */
public final class TestIssuer {

    public static final String AUDIENCE = "saccade";

    private final HttpServer server;
    private final RSAKey key;
    private final RSAKey foreignKey;

    private TestIssuer(HttpServer server, RSAKey key, RSAKey foreignKey) {
        this.server = server;
        this.key = key;
        this.foreignKey = foreignKey;
    }

    static TestIssuer start() throws IOException {
        try {
            var issuer = new TestIssuer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                    new RSAKeyGenerator(2048).keyID("one").generate(),
                    new RSAKeyGenerator(2048).keyID("one").generate());
            issuer.answer("/.well-known/openid-configuration", """
                    {"issuer": "%s", "jwks_uri": "%s/keys", "subject_types_supported": ["public"]}
                    """.formatted(issuer.uri(), issuer.uri()));
            issuer.answer("/keys", new JWKSet(issuer.key.toPublicJWK()).toString());
            issuer.server.start();
            return issuer;
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Claims of a good token of this tenant. */
    public JWTClaimsSet.Builder claims(String tenant, String... roles) {
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .audience(AUDIENCE)
                .subject("somebody")
                .claim("org", Map.of("tenant", tenant))
                .claim("roles", List.of(roles))
                .expirationTime(Date.from(Instant.now().plus(Duration.ofMinutes(5))));
    }

    public String signed(JWTClaimsSet claims) {
        return signed(claims, key);
    }

    /** With a key of the same name that isn't the issuer's. */
    public String signedBySomebodyElse(JWTClaimsSet claims) {
        return signed(claims, foreignKey);
    }

    public static String unsigned(JWTClaimsSet claims) {
        return new PlainJWT(claims).serialize();
    }

    /** The old attack: the public key taken for a shared secret. */
    public String signedWithThePublicKeyAsSecret(JWTClaimsSet claims) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(), claims);
            token.sign(new MACSigner(key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWTClaimsSet claims, RSAKey key) {
        try {
            var token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("one").build(), claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
