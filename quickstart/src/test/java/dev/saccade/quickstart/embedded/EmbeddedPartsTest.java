package dev.saccade.quickstart.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPartsTest {

    private static final Path CACHE = Path.of(System.getProperty("saccade.home"), "quickstart/target/cache");

    @TempDir
    Path temporary;

    @Test
    void databaseKeepsItsRowsAndRefusesAWrongPassword() throws Exception {
        try (DataFolder data = DataFolder.open(temporary)) {
            try (var server = EmbeddedPostgres.start(data, CACHE, "right", Durability.KEEP)) {
                execute(server, "create table kept(n int)");
                execute(server, "insert into kept values (42)");
                assertThat(query(server, "show fsync")).isEqualTo("on");
                assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
                assertThatThrownBy(() -> DriverManager.getConnection(server.jdbcUrl(), EmbeddedPostgres.USER, "wrong"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password");
            }
            assertThat(EmbeddedPostgres.runningServer(data.postgres())).isEmpty();
            try (var server = EmbeddedPostgres.start(data, CACHE, "right", Durability.KEEP)) {
                assertThat(query(server, "select n from kept")).isEqualTo("42");
            }
        }
    }

    @Test
    void serverThatAKilledRunLeftBehindIsReplaced() throws Exception {
        try (DataFolder data = DataFolder.open(temporary)) {
            EmbeddedPostgres abandoned = EmbeddedPostgres.start(data, CACHE, "right", Durability.THROWAWAY);
            execute(abandoned, "create table kept(n int)");
            ProcessHandle old = EmbeddedPostgres.runningServer(data.postgres()).orElseThrow();

            try (var server = EmbeddedPostgres.start(data, CACHE, "right", Durability.THROWAWAY)) {
                assertThat(EmbeddedPostgres.runningServer(data.postgres()))
                        .isPresent()
                        .get()
                        .isNotEqualTo(old);
                assertThat(query(server, "select count(*) from kept")).isEqualTo("0");
            }
        }
    }

    @Test
    void processIdOfAnotherProgramInTheLockFileDoesNotStopTheStart() throws Exception {
        try (DataFolder data = DataFolder.open(temporary)) {
            EmbeddedPostgres.start(data, CACHE, "right", Durability.THROWAWAY).close();
            Files.writeString(
                    data.postgres().resolve("postmaster.pid"),
                    ProcessHandle.current().pid() + "\n" + data.postgres());

            try (var server = EmbeddedPostgres.start(data, CACHE, "right", Durability.THROWAWAY)) {
                assertThat(query(server, "select 1")).isEqualTo("1");
            }
        }
    }

    @Test
    void brokerKeepsQueuesAndPersistentMessagesAndRefusesAWrongPassword() throws Exception {
        try (DataFolder data = DataFolder.open(temporary)) {
            try (var broker = EmbeddedBroker.start(data, "right");
                    Connection connection = connect(broker, "right");
                    Channel channel = connection.createChannel()) {
                channel.confirmSelect();
                channel.queueDeclare("kept", true, false, false, Map.of());
                channel.basicPublish("", "kept", MessageProperties.PERSISTENT_BASIC, "hint".getBytes(UTF_8));
                channel.waitForConfirmsOrDie(10_000);
                assertThatThrownBy(() -> connect(broker, "wrong"))
                        .isInstanceOf(PossibleAuthenticationFailureException.class);
            }
            try (var broker = EmbeddedBroker.start(data, "right");
                    Connection connection = connect(broker, "right");
                    Channel channel = connection.createChannel()) {
                GetResponse message = channel.basicGet("kept", true);
                assertThat(message.getBody()).isEqualTo("hint".getBytes(UTF_8));
            }
        }
    }

    @Test
    void storeKeepsObjectsAndRefusesAWrongKey() throws Exception {
        byte[] content = "a clip".getBytes(UTF_8);
        try (DataFolder data = DataFolder.open(temporary)) {
            try (var store = EmbeddedStore.start(data, "right")) {
                client(store, "right")
                        .putObject(
                                PutObjectArgs.builder()
                                        .bucket(EmbeddedStore.BUCKET)
                                        .object("tenants/a/videos/b")
                                        .stream(new ByteArrayInputStream(content), (long) content.length, -1L)
                                        .build());
                assertThatThrownBy(() -> read(client(store, "wrong"))).isInstanceOf(ErrorResponseException.class);
            }
            try (var store = EmbeddedStore.start(data, "right")) {
                assertThat(read(client(store, "right"))).isEqualTo(content);
            }
        }
    }

    @Test
    void noPartLeavesFilesOutsideTheDataFolder() throws Exception {
        Path workingFolder = Path.of("").toAbsolutePath();
        try (DataFolder data = DataFolder.open(temporary)) {
            EmbeddedBroker.start(data, "right").close();
        }
        try (Stream<Path> files = Files.list(workingFolder)) {
            assertThat(files.map(file -> file.getFileName().toString())).doesNotContain("derby.log", "work", "log");
        }
    }

    private static byte[] read(MinioClient client) throws Exception {
        try (var object = client.getObject(GetObjectArgs.builder()
                .bucket(EmbeddedStore.BUCKET)
                .object("tenants/a/videos/b")
                .build())) {
            return object.readAllBytes();
        }
    }

    private static MinioClient client(EmbeddedStore store, String secret) {
        return MinioClient.builder()
                .endpoint(store.endpoint().toString())
                .credentials(EmbeddedStore.ACCESS_KEY, secret)
                .build();
    }

    private static Connection connect(EmbeddedBroker broker, String password) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(broker.port());
        factory.setUsername(EmbeddedBroker.USER);
        factory.setPassword(password);
        factory.setVirtualHost(EmbeddedBroker.VIRTUAL_HOST);
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), EmbeddedPostgres.USER, "right");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), EmbeddedPostgres.USER, "right");
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
