package dev.saccade.api.audit;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes down who read what is sensitive. Reads are noted in memory and written together within a second, off the requests'
 * path; the same read repeated meanwhile (the ranges of one video) is one.
 */
final class ReadJournal implements HandlerInterceptor {

    private static final int MOST = 10_000;
    private static final int AT_ONCE = 500;

    private static final Map<String, Read> SENSITIVE = Map.of(
            "/v1/jobs/{id}", new Read("result.read", ExternalId.JOB, "job"),
            "/v1/jobs/{id}/events", new Read("result.read", ExternalId.JOB, "job"),
            "/v1/videos/{id}/content", new Read("media.read", ExternalId.VIDEO, "video"),
            "/v1/audit", new Read("audit.read", null, "tenant"),
            "/v1/audit/verification", new Read("audit.verified", null, "tenant"),
            "/v1/audit/export", new Read("audit.exported", null, "tenant"));

    private final Supplier<AuditLog> log;
    private final Set<AuditEntry> noted = ConcurrentHashMap.newKeySet();

    ReadJournal(Supplier<AuditLog> log) {
        this.log = log;
    }

    /** Patterns of the addresses whose reads are written down. */
    static Set<String> patterns() {
        return SENSITIVE.keySet();
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Read read = SENSITIVE.get(String.valueOf(pattern));
        boolean answered = response.getStatus() == 200 || response.getStatus() == 206;
        // an unfinished job, which has nothing to read yet, is the only answer that says when to come back
        boolean unfinished = response.getHeader(HttpHeaders.RETRY_AFTER) != null;
        if (read == null || !answered || unfinished || !request.getMethod().equals("GET")) {
            return;
        }
        if (request.getAttribute(AccessFilter.CALLER) instanceof Caller caller) {
            subject(read, caller, request)
                    .ifPresent(subject -> note(new AuditEntry(
                            caller.tenantId(), caller.actor(), read.action(), read.subjectType(), subject, Map.of())));
        }
    }

    private static Optional<UUID> subject(Read read, Caller caller, HttpServletRequest request) {
        ExternalId kind = read.kind();
        if (kind == null) {
            return Optional.of(caller.tenantId());
        }
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                ? kind.parse(String.valueOf(variables.get("id")))
                : Optional.empty();
    }

    private void note(AuditEntry read) {
        noted.add(read);
        if (noted.size() > MOST) {
            write(); // the database is slow or away: then so are reads
        }
    }

    /** Writes what is noted; what can't be written stays for the next time. */
    synchronized boolean write() {
        List<AuditEntry> batch = new ArrayList<>();
        Iterator<AuditEntry> entries = noted.iterator();
        while (entries.hasNext() && batch.size() < AT_ONCE) {
            batch.add(entries.next());
        }
        if (batch.isEmpty()) {
            return false;
        }
        noted.removeAll(batch);
        try {
            log.get().appendAlone(batch);
        } catch (RuntimeException failure) {
            noted.addAll(batch);
            throw failure;
        }
        return !noted.isEmpty();
    }

    /**
     * What a read is called.
     *
     * @param kind of the id in the address; null where the tenant is the subject
     */
    private record Read(String action, @Nullable ExternalId kind, String subjectType) {}
}
