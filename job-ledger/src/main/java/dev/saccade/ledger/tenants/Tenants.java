package dev.saccade.ledger.tenants;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who the data belongs to. */
public final class Tenants {

    private final TenantRepository tenants;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    Tenants(TenantRepository tenants, AuditLog audit, PlatformTransactionManager transactions) {
        this.tenants = tenants;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /** The tenant of this name (1 to 200 characters), created where there is none. */
    public UUID ensure(String name) {
        return Objects.requireNonNull(
                transaction.execute(status -> tenants.idOf(name).orElseGet(() -> create(name))));
    }

    private UUID create(String name) {
        var id = UuidCreator.getTimeOrderedEpoch();
        if (tenants.insertIfAbsent(id, name) == 0) {
            return tenants.idOf(name).orElseThrow(); // another was faster
        }
        audit.append(new AuditEntry(id, "ledger", "tenant.created", "tenant", id, Map.of("name", name)));
        return id;
    }
}
