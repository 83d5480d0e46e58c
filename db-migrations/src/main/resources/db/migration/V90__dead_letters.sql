-- Messages that the broker gave up on: kept here, where every instance sees them, rather than in a queue.
create table dead_letter (
    id           uuid primary key,
    message_id   uuid unique,
    job_id       uuid,
    tenant_id    uuid references tenant,
    attempt      integer check (attempt >= 1),
    queue        text not null check (length(queue) <= 200),
    reason       text not null check (length(reason) <= 200),
    size_bytes   integer not null check (size_bytes >= 0),
    kept_at      timestamptz not null default clock_timestamp(),
    requeued_at  timestamptz,
    requeued_by  text check (length(requeued_by) between 1 and 200),
    constraint dead_letter_is_hint_or_not check ((job_id is null) = (attempt is null)),
    constraint dead_letter_requeued_by_somebody check ((requeued_at is null) = (requeued_by is null))
);
create index dead_letter_by_time on dead_letter (kept_at);
comment on column dead_letter.message_id is 'the outbox row that it came from; a message that is read twice is kept once';
comment on column dead_letter.tenant_id is 'null where the message was no hint, or its job is gone';
