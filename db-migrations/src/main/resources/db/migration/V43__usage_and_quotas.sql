-- What each tenant uses, and the quotas on it, kept by triggers in the transaction that uses it, whoever writes
-- (docs/decisions/0021-quotas-in-sixteen-places.md). Lock order: job row, then rows that hang on it, then tenant_counter.

-- Until this commits, jobs and videos wait for a moment: what is counted below must not change meanwhile.
lock table job, video in share row exclusive mode;

-- The sum over a tenant's places is what it uses. Each connection counts in one place, so that sixteen can at once.
create table tenant_counter (
    tenant_id     uuid not null,
    place         smallint not null check (place between 0 and 15),
    queued_jobs   bigint not null default 0,
    stored_bytes  bigint not null default 0,
    primary key (tenant_id, place)
) with (fillfactor = 40);
comment on column tenant_counter.queued_jobs is 'may be negative in one place: what was added in another';

insert into tenant_counter (tenant_id, place, queued_jobs, stored_bytes)
select id, 0,
    (select count(*) from job where tenant_id = tenant.id and state = 'QUEUED'),
    (select coalesce(sum(size_bytes), 0) from video where tenant_id = tenant.id and state = 'READY')
from tenant;

-- One row for each job that ends and each file that is stored; rolled up into usage_day.
create table usage_event (
    id                 bigint generated always as identity primary key,
    tenant_id          uuid not null,
    actor              text not null,
    day                date not null default (clock_timestamp() at time zone 'UTC')::date,
    succeeded          bigint not null default 0,
    unsuccessful       bigint not null default 0,
    prompt_tokens      bigint not null default 0,
    completion_tokens  bigint not null default 0,
    device_millis      bigint not null default 0,
    uploaded_bytes     bigint not null default 0
);
create index usage_event_by_tenant on usage_event (tenant_id, day);

create table usage_day (
    tenant_id          uuid not null,
    day                date not null,
    actor              text not null,
    succeeded          bigint not null,
    unsuccessful       bigint not null,
    prompt_tokens      bigint not null,
    completion_tokens  bigint not null,
    device_millis      bigint not null,
    uploaded_bytes     bigint not null,
    primary key (tenant_id, day, actor)
) with (fillfactor = 80);

-- Adds so many queued jobs of a tenant, in the place of this connection while that has a sixteenth of the quota left.
-- SC001: they don't fit any more. SC003: the day's tokens are used up.
create function tenant_take_queue_places(owner uuid, more bigint) returns void language plpgsql as $$
declare
    mine constant smallint := pg_backend_pid() % 16;
    today constant date := (clock_timestamp() at time zone 'UTC')::date;
    most bigint;
    most_tokens bigint;
    used bigint;
    locked boolean := false;
begin
    select max_queued_jobs, max_tokens_per_day into most, most_tokens from tenant where id = owner;
    if most_tokens is not null then
        select coalesce(sum(tokens), 0) into used from (
            select prompt_tokens + completion_tokens as tokens from usage_day where tenant_id = owner and day = today
            union all
            select prompt_tokens + completion_tokens from usage_event where tenant_id = owner and day = today) t;
        if used >= most_tokens then
            raise exception 'tenant %: % of % tokens are used today', owner, used, most_tokens using errcode = 'SC003';
        end if;
    end if;
    perform from tenant_counter
    where tenant_id = owner and place = mine and (most is null or queued_jobs + more <= most / 16);
    if found then
        update tenant_counter set queued_jobs = queued_jobs + more
        where tenant_id = owner and place = mine and (most is null or queued_jobs + more <= most / 16);
        if found then
            return;
        end if;
        -- another connection has filled this place meanwhile, whose row stays locked: no waiting for others any more
        locked := true;
    end if;
    -- a full queue is told without waiting for anybody
    select coalesce(sum(queued_jobs), 0) into used from tenant_counter where tenant_id = owner;
    if used + more > most then
        raise exception 'tenant %: % of % jobs are queued', owner, used, most using errcode = 'SC001';
    end if;
    insert into tenant_counter (tenant_id, place) select owner, i from generate_series(0, 15) i order by i
    on conflict do nothing;
    if locked then
        begin
            perform from tenant_counter where tenant_id = owner order by place for update nowait;
        exception when lock_not_available then
            raise exception 'tenant %: others are about to fill the queue of % jobs', owner, most using errcode = 'SC001';
        end;
    else
        perform from tenant_counter where tenant_id = owner order by place for update;
    end if;
    select sum(queued_jobs) + more into used from tenant_counter where tenant_id = owner;
    if used > most then
        raise exception 'tenant %: % of % jobs are queued', owner, used - more, most using errcode = 'SC001';
    end if;
    -- evenly, so that what fits into each place never is more than the quota together
    update tenant_counter set queued_jobs = used / 16 + case when place < used % 16 then 1 else 0 end
    where tenant_id = owner;
end $$;

create function job_count_submitted() returns trigger language plpgsql as $$
declare
    added record;
begin
    for added in select tenant_id, count(*) as jobs from submitted where state = 'QUEUED' group by 1 order by 1 loop
        perform tenant_take_queue_places(added.tenant_id, added.jobs);
    end loop;
    return null;
end $$;
create trigger job_submitted_counts after insert on job
    referencing new table as submitted
    for each statement execute function job_count_submitted();

create function tenant_add(owner uuid, jobs bigint) returns void language plpgsql as $$
begin
    insert into tenant_counter (tenant_id, place, queued_jobs) values (owner, pg_backend_pid() % 16, jobs)
    on conflict (tenant_id, place) do update set queued_jobs = tenant_counter.queued_jobs + excluded.queued_jobs;
end $$;

create function job_count_moved() returns trigger language plpgsql as $$
begin
    if new.state in ('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED') then
        insert into usage_event (tenant_id, actor, succeeded, unsuccessful, prompt_tokens, completion_tokens, device_millis)
        select new.tenant_id, new.actor,
            case when new.state = 'SUCCEEDED' then 1 else 0 end,
            case when new.state = 'SUCCEEDED' then 0 else 1 end,
            coalesce(max(r.prompt_tokens), 0), coalesce(max(r.completion_tokens), 0),
            coalesce(max(
                coalesce((r.timings ->> 'vision_millis')::numeric, 0) + coalesce((r.timings ->> 'prefill_millis')::numeric, 0)
                + coalesce((r.timings ->> 'decode_millis')::numeric, 0)), 0)::bigint
        from job_result r where r.job_id = new.id and r.attempt = new.attempt and new.state = 'SUCCEEDED';
    end if;
    if old.state = 'QUEUED' then
        perform tenant_add(new.tenant_id, -1);
    elsif new.state = 'QUEUED' then
        perform tenant_add(new.tenant_id, 1); -- it was let in before
    end if;
    return null;
end $$;
-- deferred: the result is there, and the counter's row is the last lock, held for the commit alone
create constraint trigger job_moved_counts after update of state on job
    deferrable initially deferred
    for each row when (old.state is distinct from new.state) execute function job_count_moved();

-- SC002: the tenant has no room for it.
create function video_count_stored() returns trigger language plpgsql as $$
declare
    most bigint;
    more bigint;
    used bigint;
begin
    more := case when new.state = 'READY' then new.size_bytes else -old.size_bytes end;
    insert into tenant_counter (tenant_id, place, stored_bytes) values (new.tenant_id, 0, more)
    on conflict (tenant_id, place) do update set stored_bytes = tenant_counter.stored_bytes + excluded.stored_bytes
    returning stored_bytes into used;
    if more > 0 then
        select max_stored_bytes into most from tenant where id = new.tenant_id;
        if used > most then
            raise exception 'tenant %: % of % bytes are stored', new.tenant_id, used - more, most using errcode = 'SC002';
        end if;
        insert into usage_event (tenant_id, actor, uploaded_bytes) values (new.tenant_id, new.actor, more);
    end if;
    return null;
end $$;
create trigger video_stored_counts after update of state on video
    for each row when (old.state is distinct from new.state and (old.state = 'READY' or new.state = 'READY'))
    execute function video_count_stored();
