-- What the ledger promises is refused here too, whoever writes: a bug or a hand in psql can't undo a finished job,
-- leave a success without its result, or rewrite history.

create function job_refuse_illegal_transition() returns trigger language plpgsql as $$
begin
    if (old.state = 'QUEUED' and new.state in ('RUNNING', 'CANCELLED', 'EXPIRED'))
        or (old.state = 'RUNNING' and new.state in ('QUEUED', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')) then
        return new;
    end if;
    raise exception 'job %: no transition from % to %', old.id, old.state, new.state using errcode = 'check_violation';
end $$;
create trigger job_transition before update of state on job
    for each row when (old.state is distinct from new.state) execute function job_refuse_illegal_transition();

create function job_refuse_identity_change() returns trigger language plpgsql as $$
begin
    raise exception 'job %: id, tenant, request and creation time never change, and attempt never falls', old.id using errcode = 'check_violation';
end $$;
-- named columns only, so that a heartbeat doesn't have to read the request
create trigger job_identity before update of id, tenant_id, created_at, request, attempt on job
    for each row when (
        old.id <> new.id or old.tenant_id <> new.tenant_id or old.created_at <> new.created_at
        or new.attempt < old.attempt or old.request is distinct from new.request)
    execute function job_refuse_identity_change();

create function job_result_refuse_without_success() returns trigger language plpgsql as $$
begin
    if not exists (
        select 1 from job
        where id = new.job_id and tenant_id = new.tenant_id and attempt = new.attempt and state = 'SUCCEEDED') then
        raise exception 'job %: a result belongs to the attempt that succeeded', new.job_id using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger job_result_of_success before insert or update on job_result
    for each row execute function job_result_refuse_without_success();

create function job_refuse_success_without_result() returns trigger language plpgsql as $$
begin
    if not exists (select 1 from job_result where job_id = new.id and attempt = new.attempt) then
        raise exception 'job %: SUCCEEDED without a result', new.id using errcode = 'check_violation';
    end if;
    return null;
end $$;
-- deferred: state and result are written in one transaction, in this order
create constraint trigger job_success_has_result after insert or update of state on job
    deferrable initially deferred
    for each row when (new.state = 'SUCCEEDED') execute function job_refuse_success_without_result();

create function audit_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_event_append_only before update or delete on audit_event
    for each row execute function audit_refuse_change();
create trigger audit_event_no_truncate before truncate on audit_event
    for each statement execute function audit_refuse_change();
create trigger audit_head_no_delete before delete on audit_head
    for each row execute function audit_refuse_change();
create trigger audit_head_no_truncate before truncate on audit_head
    for each statement execute function audit_refuse_change();

create function audit_head_refuse_return() returns trigger language plpgsql as $$
begin
    raise exception 'the audit head only moves forward' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_head_forward before update on audit_head
    for each row when (new.tenant_id <> old.tenant_id or new.seq <> old.seq + 1 or new.at < old.at)
    execute function audit_head_refuse_return();
