-- Who wants to hear of what, and what is still to be told. Announcements are written by the database in the transaction that
-- they are about, so that no writer, of this version or of one before it, can end a job that nobody hears of.

create table webhook (
    id               uuid primary key,
    tenant_id        uuid not null references tenant,
    actor            text not null check (length(actor) between 1 and 200),
    url              text not null check (length(url) between 1 and 2000),
    description      text check (length(description) <= 500),
    events           text[] not null,
    all_jobs         boolean not null,
    state            text not null check (state in ('ENABLED', 'DISABLED')),
    disabled_reason  text check (length(disabled_reason) between 1 and 100),
    secret           bytea not null,
    previous_secret  bytea,
    previous_until   timestamptz,
    failing_since    timestamptz,
    created_at       timestamptz not null default clock_timestamp(),
    constraint webhook_previous_secret_ends check ((previous_secret is null) = (previous_until is null)),
    constraint webhook_disabled_for_a_reason check ((state = 'DISABLED') = (disabled_reason is not null))
);
create index webhook_of_tenant on webhook (tenant_id, id desc);
comment on column webhook.secret is 'AES-256-GCM under the services'' key, which the database does not have';
comment on column webhook.all_jobs is 'false: only jobs that name it';

-- jobs that name a webhook, until they end
create table job_webhook (
    job_id      uuid primary key,
    tenant_id   uuid not null,
    webhook_id  uuid not null
);

create table webhook_delivery (
    id          uuid primary key,
    tenant_id   uuid not null,
    webhook_id  uuid not null references webhook on delete cascade,
    event       text not null check (length(event) between 1 and 100),
    subject_id  uuid not null,
    state       text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED')),
    attempts    integer not null default 0 check (attempts >= 0),
    due_at      timestamptz not null default clock_timestamp(),
    give_up_at  timestamptz not null default clock_timestamp() + interval '24 hours',
    created_at  timestamptz not null default clock_timestamp(),
    ended_at    timestamptz,
    constraint webhook_delivery_ends check ((state = 'PENDING') = (ended_at is null))
) with (fillfactor = 80);
create index webhook_delivery_of_webhook on webhook_delivery (webhook_id, id desc);
create index webhook_delivery_due on webhook_delivery (due_at) where state = 'PENDING';
create index webhook_delivery_over on webhook_delivery (ended_at) where state <> 'PENDING';
comment on column webhook_delivery.due_at is 'while somebody delivers it: when another may, should that one have died';

create table webhook_attempt (
    delivery_id  uuid not null references webhook_delivery on delete cascade,
    number       integer not null check (number >= 1),
    at           timestamptz not null default clock_timestamp(),
    millis       bigint not null check (millis >= 0),
    status       integer,
    error        text check (length(error) between 1 and 100),
    primary key (delivery_id, number),
    constraint webhook_attempt_has_outcome check ((status is null) <> (error is null))
);

-- As the owner: services of an earlier version, which end jobs meanwhile, have no rights to these tables yet.
create function webhook_announce_jobs() returns trigger
language plpgsql security definer set search_path from current as $$
begin
    if exists (select from webhook) then
        insert into webhook_delivery (id, tenant_id, webhook_id, event, subject_id)
        select job_event_id(), a.tenant_id, w.id, 'job.' || lower(a.state), a.job_id
        from added a
        join webhook w on w.tenant_id = a.tenant_id and w.state = 'ENABLED' and 'job.' || lower(a.state) = any(w.events)
        where a.state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')
            and (w.all_jobs or exists (select from job_webhook j where j.job_id = a.job_id and j.webhook_id = w.id));
        delete from job_webhook
        where job_id in (select job_id from added where state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED'));
    end if;
    return null;
end $$;
create trigger webhook_job_events after insert on job_event
    referencing new table as added
    for each statement execute function webhook_announce_jobs();

create function webhook_announce_batch() returns trigger
language plpgsql security definer set search_path from current as $$
begin
    insert into webhook_delivery (id, tenant_id, webhook_id, event, subject_id)
    select job_event_id(), new.tenant_id, w.id, 'batch.ended', new.id
    from webhook w where w.tenant_id = new.tenant_id and w.state = 'ENABLED' and 'batch.ended' = any(w.events);
    return null;
end $$;
create trigger webhook_batch_ended after update of state on batch
    for each row when (old.state <> 'ENDED' and new.state = 'ENDED') execute function webhook_announce_batch();
