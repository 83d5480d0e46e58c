package dev.saccade.ledger.outbox;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on outbox. */
interface OutboxRepository extends Repository<OutboxEntity, UUID> {

    @Query(
            nativeQuery = true,
            value = "select o.* from outbox o where o.published_at is null order by o.id limit :limit"
                    + " for update skip locked")
    List<OutboxEntity> lockUnpublished(int limit);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update outbox set published_at = clock_timestamp()"
                    + " where id in (:ids) and published_at is null")
    int markPublished(Collection<UUID> ids);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "delete from outbox where id in (select id from outbox where published_at < :before"
                    + " order by published_at limit :limit for update skip locked)")
    int deletePublishedBefore(Instant before, int limit);
}
