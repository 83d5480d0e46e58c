package dev.saccade.ledger.tenants;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on tenant. */
interface TenantRepository extends Repository<TenantEntity, UUID> {

    @Modifying
    @Query(
            nativeQuery = true,
            value = "insert into tenant (id, name) values (:id, :name) on conflict (name) do nothing")
    int insertIfAbsent(UUID id, String name);

    @Query("select t.id from TenantEntity t where t.name = :name")
    Optional<UUID> idOf(String name);
}
