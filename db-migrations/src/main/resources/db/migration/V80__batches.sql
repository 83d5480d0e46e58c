-- Many jobs that were submitted together. The jobs are jobs like others; a batch knows its lines, and which job each became.

create table batch (
    id               uuid primary key,
    tenant_id        uuid not null references tenant,
    actor            text not null check (length(actor) between 1 and 200),
    state            text not null check (state in ('VALIDATING', 'RUNNING', 'CANCELLING', 'ENDED')),
    idempotency_key  text check (length(idempotency_key) between 1 and 255),
    lines            bigint not null default 0 check (lines >= 0),
    digest           bytea not null check (octet_length(digest) = 32),
    accepted         bigint not null default 0 check (accepted >= 0),
    rejected         bigint not null default 0 check (rejected >= 0),
    error_code       text check (length(error_code) between 1 and 100),
    error_message    text check (length(error_message) <= 4000),
    intake_token     uuid,
    intake_until     timestamptz,
    look_at          timestamptz not null default clock_timestamp(),
    created_at       timestamptz not null default clock_timestamp(),
    ended_at         timestamptz,
    succeeded        bigint,
    failed           bigint,
    cancelled        bigint,
    expired          bigint,
    constraint batch_intake_while_validating check ((state = 'VALIDATING') = (intake_token is not null and intake_until is not null)),
    constraint batch_counted_at_its_end check ((state = 'ENDED') = (ended_at is not null and succeeded is not null)),
    constraint batch_error_is_whole check ((error_code is null) = (error_message is null))
) with (fillfactor = 70);
create unique index batch_by_key on batch (tenant_id, idempotency_key) where idempotency_key is not null;
create index batch_of_tenant on batch (tenant_id, id desc);
create index batch_to_look_at on batch (look_at) where state <> 'ENDED';
create index batch_over on batch (ended_at) where state = 'ENDED';
comment on column batch.digest is 'SHA-256 over the lines that were taken: by it a repeated request is known, and where it has to go on';
comment on column batch.look_at is 'when somebody looks again whether all its jobs have ended';

create table batch_item (
    batch_id   uuid not null references batch on delete cascade,
    line       bigint not null check (line >= 1),
    custom_id  text check (length(custom_id) between 1 and 200),
    job_id     uuid,
    error      jsonb,
    primary key (batch_id, line),
    constraint batch_item_is_job_or_error check ((job_id is null) <> (error is null)),
    constraint batch_item_job_is_named check (job_id is null or custom_id is not null)
);
create unique index batch_item_by_custom_id on batch_item (batch_id, custom_id) where job_id is not null;
