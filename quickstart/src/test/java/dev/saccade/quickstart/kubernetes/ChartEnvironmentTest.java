package dev.saccade.quickstart.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The variables that the chart sets are those that the services read, with values that they take. */
class ChartEnvironmentTest {

    /** Everything that the examples leave out. */
    private static final String[] EVERYTHING = {
        "secrets.webhooks.name=webhooks",
        "secrets.bootstrap.name=bootstrap",
        "api.import.enabled=true",
        "api.import.trustedHosts[0]=files.example.com",
        "api.import.trustedHosts[1]=media.example.com",
        "api.webhooks.trustedHosts[0]=hooks.example.com",
        "api.oauth2.issuer=https://id.example.com",
        "api.oauth2.audience=saccade",
        "api.oauth2.jwkSetUri=https://id.example.com/keys",
        "store.publicEndpoint=https://media.example.com",
        "tracing.endpoint=http://collector:4318/v1/traces",
        "media.maxDuration=2h",
    };

    /** Read by {@code @Value}, by the JVM, and by the programs that find their caches. */
    private static final Set<String> OTHERS = Set.of("SACCADE_BROKER_KIND", "JAVA_TOOL_OPTIONS", "XDG_CACHE_HOME");

    /** What {@code Migrate} documents. */
    private static final Set<String> MIGRATION = Set.of(
            "SPRING_DATASOURCE_URL",
            "SPRING_DATASOURCE_USERNAME",
            "SPRING_DATASOURCE_PASSWORD",
            "SACCADE_SERVICE_USERNAME",
            "SACCADE_SERVICE_PASSWORD",
            "SACCADE_KEEP_JOBS_DAYS",
            "SACCADE_KEEP_AUDIT_DAYS");

    @TempDir
    static Path work;

    static List<Manifest> rendered = List.of();

    @BeforeAll
    static void render() {
        rendered = new Chart(work).render("existing-services", EVERYTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void everyVariableIsReadByTheService(String service) throws Exception {
        Set<String> known = bootProperties();
        for (Class<?> properties : settings(service)) {
            known.addAll(names(properties));
        }
        known.addAll(OTHERS);

        assertThat(variables(service).keySet()).hasSizeGreaterThan(18).isSubsetOf(known);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker"})
    void everyValueIsTakenByTheService(String service) throws Exception {
        Binder binder = binder(variables(service));
        for (Class<?> properties : settings(service)) {
            String prefix =
                    properties.getAnnotation(ConfigurationProperties.class).value();
            assertThat((Object) binder.bindOrCreate(prefix, properties))
                    .as(prefix)
                    .isNotNull();
        }
    }

    @Test
    void listsAndDurationsArriveAsTheyWereGiven() throws Exception {
        Binder binder = binder(variables("api"));
        Map<String, Object> imports = new HashMap<>();
        for (String name : List.of("ports", "trusted-hosts")) {
            imports.put(
                    name, binder.bind("saccade.import." + name, String[].class).get());
        }

        assertThat((String[]) imports.get("ports")).containsExactly("443");
        assertThat((String[]) imports.get("trusted-hosts")).containsExactly("files.example.com", "media.example.com");
        assertThat(binder.bind("saccade.media.max-duration", Duration.class).get())
                .hasHours(2);
        assertThat(binder.bind("saccade.api.max-upload-bytes", Long.class).get())
                .isEqualTo(2147483648L);
        assertThat(binder(variables("worker"))
                        .bind("saccade.worker.slots", Integer.class)
                        .get())
                .isEqualTo(8);
    }

    @Test
    void migrationGetsWhatItReads() {
        assertThat(variables("migrations").keySet()).isEqualTo(MIGRATION);
    }

    /** The container's variables, those from Secrets with a stand-in. */
    private static Map<String, String> variables(String container) {
        return rendered.stream()
                .flatMap(object -> object.podSpec().stream())
                .flatMap(pod -> pod.containers().stream())
                .filter(candidate -> candidate.text("name").equals(container))
                .findFirst()
                .orElseThrow()
                .environment()
                .stream()
                .collect(Collectors.toMap(
                        variable -> String.valueOf(variable.get("name")),
                        variable -> String.valueOf(variable.getOrDefault("value", "from a secret"))));
    }

    private static Binder binder(Map<String, String> variables) {
        var sources = new MutablePropertySources();
        sources.addFirst(new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(variables)));
        return new Binder(
                ConfigurationPropertySources.from(sources),
                value -> value instanceof String text ? text.replace("${java.io.tmpdir}", "/tmp") : value,
                ApplicationConversionService.getSharedInstance());
    }

    /** Records with settings of the ledger and of one service. */
    private static List<Class<?>> settings(String service) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> found = Stream.of("dev.saccade.ledger", "dev.saccade." + service)
                .flatMap(start -> scanner.findCandidateComponents(start).stream())
                .<Class<?>>map(definition ->
                        ClassUtils.resolveClassName(Objects.requireNonNull(definition.getBeanClassName()), null))
                .filter(Class::isRecord)
                .toList();
        assertThat(found).hasSizeGreaterThan(4);
        return found;
    }

    private static Set<String> names(Class<?> properties) {
        String prefix = properties.getAnnotation(ConfigurationProperties.class).value();
        return Arrays.stream(properties.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> variable(prefix + "." + name.replaceAll("([A-Z])", "-$1")))
                .collect(Collectors.toSet());
    }

    private static Set<String> bootProperties() throws IOException {
        Set<String> names = new TreeSet<>();
        for (URL file : Collections.list(ChartEnvironmentTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream metadata = file.openStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(metadata).path("properties")) {
                    names.add(variable(property.path("name").asString()));
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(300);
        return names;
    }

    private static String variable(String property) {
        return property.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
