-- What follows a job's move is written once for each statement, not once for each job: groups of jobs are claimed and ended
-- together. Lock order stays job row, rows that hang on it, tenant_counter, by tenant; a transaction moves jobs in one statement.
lock table job, job_result in access exclusive mode;

-- A success is counted with its result, which every writer inserts after the job's row has changed.
create function job_result_count_usage() returns trigger language plpgsql as $$
begin
    insert into usage_event (tenant_id, actor, succeeded, prompt_tokens, completion_tokens, device_millis)
    select tenant_id, (select actor from job where id = job_id), 1, prompt_tokens, completion_tokens,
        (coalesce((timings ->> 'vision_millis')::numeric, 0) + coalesce((timings ->> 'prefill_millis')::numeric, 0)
            + coalesce((timings ->> 'decode_millis')::numeric, 0))::bigint
    from added;
    return null;
end $$;
create trigger job_result_counts after insert on job_result
    referencing new table as added
    for each statement execute function job_result_count_usage();

create function job_write_moves() returns trigger language plpgsql as $$
begin
    insert into job_event (id, tenant_id, job_id, position, state, attempt)
    select
        job_event_id(), tenant_id, id,
        3 * (attempt - 1) + case state when 'QUEUED' then 0 when 'RUNNING' then 1 else 2 end, state, attempt
    from after_move
    where (id, state) not in (select id, state from before_move);
    if not found then
        return null; -- a heartbeat, a hint
    end if;
    insert into usage_event (tenant_id, actor, unsuccessful)
    select tenant_id, actor, 1 from after_move
    where state in ('FAILED', 'CANCELLED', 'EXPIRED') and (id, state) not in (select id, state from before_move);
    insert into tenant_counter (tenant_id, place, queued_jobs)
    select tenant_id, pg_backend_pid() % 16, sum(jobs)
    from (
        select tenant_id, 1 as jobs from after_move where state = 'QUEUED'
        union all
        select tenant_id, -1 from before_move where state = 'QUEUED') moved
    group by tenant_id having sum(jobs) <> 0 order by tenant_id
    on conflict (tenant_id, place) do update set queued_jobs = tenant_counter.queued_jobs + excluded.queued_jobs;
    return null;
end $$;
drop trigger job_moved_counts on job;
drop trigger job_moved_event on job;
create trigger job_moves after update on job
    referencing old table as before_move new table as after_move
    for each statement execute function job_write_moves();
drop function job_count_moved, tenant_add, job_write_event;
