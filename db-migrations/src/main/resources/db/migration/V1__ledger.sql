-- The ledger: tenants, media, jobs and everything that must never be lost.
--
-- Lock order, everywhere: job row, then rows that hang on it, then audit_head as the last lock of the transaction.
-- Times are this server's clock; no caller's clock decides about a lease.

create table tenant (
    id          uuid primary key,
    name        text not null unique check (length(name) between 1 and 200),
    created_at  timestamptz not null default clock_timestamp()
);

create table api_key (
    id           uuid primary key,
    tenant_id    uuid not null references tenant,
    name         text not null check (length(name) between 1 and 200),
    prefix       text not null check (length(prefix) between 1 and 16),
    secret_hash  bytea not null unique check (octet_length(secret_hash) = 32),
    created_at   timestamptz not null default clock_timestamp(),
    expires_at   timestamptz,
    revoked_at   timestamptz
);
create index api_key_by_tenant on api_key (tenant_id, id);
comment on column api_key.secret_hash is 'SHA-256 of the whole key; the key itself has 256 random bits, so no salt or stretching is needed';
comment on column api_key.prefix is 'first characters of the key, for display only';

create table video (
    id                uuid primary key,
    tenant_id         uuid not null references tenant,
    actor             text not null check (length(actor) between 1 and 200),
    filename          text not null check (length(filename) between 1 and 1000),
    state             text not null check (state in ('UPLOADING', 'READY', 'REJECTED', 'DELETED')),
    kind              text check (kind in ('VIDEO', 'IMAGE')),
    sha256            text check (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes        bigint check (size_bytes > 0),
    content_type      text check (length(content_type) <= 200),
    format            text check (length(format) <= 200),
    codec             text check (length(codec) <= 200),
    width             integer check (width > 0),
    height            integer check (height > 0),
    duration_seconds  double precision check (duration_seconds >= 0),
    fps               double precision check (fps >= 0),
    frames            bigint check (frames >= 0),
    rejection_code    text check (length(rejection_code) <= 100),
    rejection_reason  text check (length(rejection_reason) <= 4000),
    created_at        timestamptz not null default clock_timestamp(),
    finished_at       timestamptz,
    constraint video_ready_is_complete check (
        state <> 'READY'
        or (kind is not null and sha256 is not null and size_bytes is not null and content_type is not null
            and width is not null and height is not null)),
    constraint video_rejection_has_reason check (
        (state = 'REJECTED') = (rejection_code is not null and rejection_reason is not null))
);
create index video_by_tenant on video (tenant_id, id desc);
create index video_uploading on video (created_at) where state = 'UPLOADING';

create table job (
    id                uuid primary key,
    tenant_id         uuid not null references tenant,
    actor             text not null check (length(actor) between 1 and 200),
    urgency           text not null check (urgency in ('INTERACTIVE', 'STANDARD', 'BATCH')),
    state             text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')),
    request           jsonb not null,
    tags              jsonb not null default '[]' check (jsonb_typeof(tags) = 'array'),
    attempt           integer not null check (attempt >= 1),
    failed_attempts   integer not null default 0 check (failed_attempts between 0 and attempt),
    max_attempts      integer not null check (max_attempts between 1 and 100),
    start_by          timestamptz,
    finish_by         timestamptz,
    created_at        timestamptz not null default clock_timestamp(),
    started_at        timestamptz,
    finished_at       timestamptz,
    cancel_requested  boolean not null default false,
    progress          jsonb,
    error_code        text check (length(error_code) between 1 and 100),
    error_message     text check (length(error_message) <= 4000),
    lease_token       uuid,
    lease_until       timestamptz,
    worker_id         text check (length(worker_id) between 1 and 200),
    hint_due_at       timestamptz not null,
    hint_count        integer not null default 1 check (hint_count >= 1),
    -- a job that has started once has kept start_by; only finish_by can still expire it in the queue
    queue_deadline    timestamptz generated always as (case when started_at is null then least(start_by, finish_by) else finish_by end) stored,
    constraint job_lease_while_running check (
        (state = 'RUNNING') = (lease_token is not null and lease_until is not null and worker_id is not null)
        and (state = 'RUNNING' or (lease_token is null and lease_until is null and worker_id is null))),
    constraint job_finished_when_terminal check (
        (state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')) = (finished_at is not null)),
    constraint job_error_when_failed check (
        (state in ('FAILED', 'EXPIRED')) = (error_code is not null and error_message is not null)),
    constraint job_started_before_result check (state not in ('RUNNING', 'SUCCEEDED', 'FAILED') or started_at is not null)
) with (fillfactor = 80);
create index job_by_tenant on job (tenant_id, id desc);
create index job_by_tenant_and_state on job (tenant_id, state, id desc);
create index job_running_by_lease on job (lease_until) where state = 'RUNNING';
create index job_queued_by_deadline on job (queue_deadline) where state = 'QUEUED' and queue_deadline is not null;
create index job_queued_by_hint on job (hint_due_at) where state = 'QUEUED';
create index job_queued_by_urgency on job (urgency, id) where state = 'QUEUED';
comment on column job.attempt is 'fence: grows with every requeue; a hint, claim or completion for another number is void';
comment on column job.failed_attempts is 'attempts that cost something; handing a job back on a drain does not count';
comment on column job.hint_due_at is 'when a queued job gets another outbox row, should its hint have been lost';

create table job_attempt (
    id             uuid primary key,
    tenant_id      uuid not null references tenant,
    job_id         uuid not null references job,
    attempt        integer not null check (attempt >= 1),
    lease_token    uuid not null unique,
    worker_id      text not null check (length(worker_id) between 1 and 200),
    started_at     timestamptz not null default clock_timestamp(),
    ended_at       timestamptz,
    outcome        text check (outcome in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'RETRYABLE', 'RELEASED', 'LOST')),
    error_code     text check (length(error_code) between 1 and 100),
    error_message  text check (length(error_message) <= 4000),
    unique (job_id, attempt),
    constraint job_attempt_end_has_outcome check ((ended_at is null) = (outcome is null))
);

create table job_result (
    job_id             uuid primary key references job,
    tenant_id          uuid not null references tenant,
    attempt            integer not null check (attempt >= 1),
    text               text not null,
    reasoning          text,
    answer             text not null,
    finish_reason      text not null check (length(finish_reason) between 1 and 100),
    prompt_tokens      integer not null check (prompt_tokens >= 0),
    completion_tokens  integer not null check (completion_tokens >= 0),
    visual_tokens      integer not null check (visual_tokens >= 0),
    seed               bigint not null,
    sampling           jsonb not null,
    frames             jsonb not null,
    timings            jsonb not null,
    warnings           jsonb not null,
    model_name         text not null check (length(model_name) <= 1000),
    model_fingerprint  text not null check (length(model_fingerprint) <= 200),
    engine_version     text not null check (length(engine_version) <= 200),
    created_at         timestamptz not null default clock_timestamp()
);

create table outbox (
    id            uuid primary key,
    tenant_id     uuid not null references tenant,
    job_id        uuid not null,
    attempt       integer not null check (attempt >= 1),
    routing_key   text not null check (length(routing_key) between 1 and 200),
    payload       text not null check (payload is json),
    created_at    timestamptz not null default clock_timestamp(),
    published_at  timestamptz
);
create index outbox_unpublished on outbox (id) where published_at is null;
create index outbox_unpublished_by_job on outbox (job_id) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;

create table audit_event (
    id             uuid primary key,
    tenant_id      uuid not null references tenant,
    seq            bigint not null check (seq >= 1),
    at             timestamptz not null,
    actor          text not null check (length(actor) between 1 and 200),
    action         text not null check (length(action) between 1 and 100),
    subject_type   text not null check (length(subject_type) between 1 and 50),
    subject_id     uuid not null,
    detail         text not null check (detail is json object),
    previous_hash  bytea not null check (octet_length(previous_hash) = 32),
    hash           bytea not null check (octet_length(hash) = 32),
    unique (tenant_id, seq)
);
create index audit_event_by_subject on audit_event (tenant_id, subject_id, seq);
comment on column audit_event.detail is 'JSON kept as the very text that was hashed';

create table audit_head (
    tenant_id  uuid primary key references tenant,
    seq        bigint not null check (seq >= 0),
    at         timestamptz not null,
    hash       bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50);
