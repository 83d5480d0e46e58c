-- Every change of a job's state as an event that a stream can replay, and the trace that a job belongs to. The event is
-- written by the database itself, so that no writer, of this version or of one before it, can move a job without it.

create table job_event (
    id         uuid primary key,
    tenant_id  uuid not null,
    job_id     uuid not null,
    position   integer not null check (position >= 0),
    state      text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')),
    attempt    integer not null check (attempt >= 1),
    at         timestamptz not null default clock_timestamp()
);
create index job_event_by_job on job_event (job_id, position);
comment on column job_event.id is 'UUIDv7 of the event''s time, by which the table can be partitioned';
comment on column job_event.position is 'three for each attempt: 3(attempt - 1) waiting, +1 running, +2 finished; grows within a job whatever clocks do';

-- uuidv7() of PostgreSQL 18 for older servers too: 48 bits of milliseconds, and the version in a random UUID's place for it
create function job_event_id() returns uuid language sql volatile as $$
    select encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
            52, 1), 53, 1),
        'hex')::uuid
$$;

create function job_write_event() returns trigger language plpgsql as $$
begin
    insert into job_event (id, tenant_id, job_id, position, state, attempt)
    values (
        job_event_id(), new.tenant_id, new.id,
        3 * (new.attempt - 1) + case new.state when 'QUEUED' then 0 when 'RUNNING' then 1 else 2 end,
        new.state, new.attempt);
    return null;
end $$;
create trigger job_submitted_event after insert on job for each row execute function job_write_event();
create trigger job_moved_event after update of state on job
    for each row when (old.state is distinct from new.state) execute function job_write_event();

alter table job add column traceparent text check (length(traceparent) <= 55);
alter table outbox add column traceparent text check (length(traceparent) <= 55);
comment on column job.traceparent is 'W3C trace context of the request that submitted it; goes with every hint, so that retries stay in the trace';
