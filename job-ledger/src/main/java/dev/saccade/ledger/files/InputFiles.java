package dev.saccade.ledger.files;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.json.StorableText;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps files in pieces, so that none is ever in memory as a whole. */
public final class InputFiles {

    private static final int PIECE_BYTES = 256 << 10;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_FILENAME = 1000;
    private static final String COLUMNS = "select id, filename, size_bytes, created_at, expires_at from input_file";

    private final JdbcClient sql;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    InputFiles(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Keeps a file, in one transaction.
     *
     * @param bytes that {@code content} has, 1 at least
     */
    public InputFile keep(
            UUID tenantId, String actor, String filename, long bytes, InputStream content, Duration life) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var id = UuidCreator.getTimeOrderedEpoch();
            var name = StorableText.clip(actor, LONGEST_NAME);
            sql.sql(
                            "insert into input_file (id, tenant_id, actor, filename, size_bytes, expires_at) values"
                                    + " (:id, :tenant, :actor, :filename, :bytes, clock_timestamp() + :life * interval '1 second')")
                    .param("id", id)
                    .param("tenant", tenantId)
                    .param("actor", name)
                    .param("filename", filename.isBlank() ? "unnamed" : StorableText.clip(filename, LONGEST_FILENAME))
                    .param("bytes", bytes)
                    .param("life", life.toSeconds())
                    .update();
            try {
                int number = 0;
                for (byte[] piece = content.readNBytes(PIECE_BYTES);
                        piece.length > 0;
                        piece = content.readNBytes(PIECE_BYTES)) {
                    sql.sql("insert into input_file_piece (file_id, number, bytes) values (:id, :number, :bytes)")
                            .param("id", id)
                            .param("number", number++)
                            .param("bytes", piece)
                            .update();
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
            record(tenantId, name, "input_file.kept", id);
            return find(tenantId, id).orElseThrow();
        }));
    }

    /** The tenant's file; empty for an unknown id, another tenant's, and one whose time is over. */
    public Optional<InputFile> find(UUID tenantId, UUID id) {
        return sql.sql(COLUMNS + " where tenant_id = :tenant and id = :id and expires_at > clock_timestamp()")
                .param("tenant", tenantId)
                .param("id", id)
                .query(InputFiles::read)
                .optional();
    }

    /**
     * Newest first.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<InputFile> list(UUID tenantId, @Nullable UUID after, int limit) {
        return sql.sql(COLUMNS + " where tenant_id = :tenant and expires_at > clock_timestamp()"
                        + " and id < coalesce(cast(:after as uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
                        + " order by id desc limit :limit")
                .param("tenant", tenantId)
                .param("after", after)
                .param("limit", limit)
                .query(InputFiles::read)
                .list();
    }

    /** A file's bytes, read piece by piece; they end early where the file is deleted meanwhile. */
    public InputStream content(UUID tenantId, UUID id) {
        return new SequenceInputStream(new Enumeration<>() {

            private int number;
            private Optional<byte[]> next = piece(tenantId, id, 0);

            @Override
            public boolean hasMoreElements() {
                return next.isPresent();
            }

            @Override
            public InputStream nextElement() {
                byte[] piece = next.orElseThrow(NoSuchElementException::new);
                next = piece(tenantId, id, ++number);
                return new java.io.ByteArrayInputStream(piece);
            }
        });
    }

    private Optional<byte[]> piece(UUID tenantId, UUID id, int number) {
        return sql.sql("select p.bytes from input_file_piece p join input_file f on f.id = p.file_id"
                        + " where f.tenant_id = :tenant and f.id = :id and p.number = :number")
                .param("tenant", tenantId)
                .param("id", id)
                .param("number", number)
                .query((row, index) -> row.getBytes(1))
                .optional();
    }

    /** False where the tenant has no such file. */
    public boolean delete(UUID tenantId, UUID id, String actor) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int deleted = sql.sql("delete from input_file where tenant_id = :tenant and id = :id")
                    .param("tenant", tenantId)
                    .param("id", id)
                    .update();
            if (deleted == 1) {
                record(tenantId, StorableText.clip(actor, LONGEST_NAME), "input_file.deleted", id);
            }
            return deleted == 1;
        }));
    }

    /** Deletes files whose time is over, at most so many; any number of instances may do so at once. */
    public int forget(int most) {
        return sql.sql(
                        "delete from input_file where id in (select id from input_file"
                                + " where expires_at <= clock_timestamp() order by expires_at limit :most for update skip locked)")
                .param("most", most)
                .update();
    }

    private void record(UUID tenantId, String actor, String action, UUID id) {
        audit.append(new AuditEntry(tenantId, actor, action, "input_file", id, Map.of()));
    }

    private static InputFile read(ResultSet row, int number) throws SQLException {
        return new InputFile(
                row.getObject("id", UUID.class),
                row.getString("filename"),
                row.getLong("size_bytes"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant());
    }
}
