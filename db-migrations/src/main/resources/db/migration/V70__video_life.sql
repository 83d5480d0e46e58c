-- Media ends: it is deleted by hand, or when its tenant's time for it is over. What a state has to bring with it is written by
-- the database, so that instances of before, which know nothing of it, keep the same promises.

alter table tenant
    add column media_retention interval,
    add constraint tenant_media_retention_is_sane check (media_retention >= interval '1 minute') not valid;
comment on column tenant.media_retention is 'media that gets ready is deleted so long after; null: never';

alter table video
    add column expires_at timestamptz,
    add column deleted_at timestamptz,
    add column deletion_code text,
    add column remove_at timestamptz,
    add constraint video_deletion_has_reason check (
        (state = 'DELETED') = (deleted_at is not null and deletion_code in ('deleted', 'expired'))) not valid;
comment on column video.remove_at is 'when somebody removes the object of a video that has ended; null: there is none any more';

create function video_keep_life() returns trigger language plpgsql as $$
begin
    if new.state = 'READY' then
        new.expires_at := clock_timestamp() + (select media_retention from tenant where id = new.tenant_id);
    elsif new.state in ('REJECTED', 'DELETED') then
        -- whoever was receiving it may still be writing, and removes what was written if alive
        new.remove_at := clock_timestamp() + case old.state when 'UPLOADING' then interval '1 hour' else interval '0' end;
    end if;
    if new.state = 'DELETED' then
        new.deleted_at := coalesce(new.deleted_at, clock_timestamp());
        new.deletion_code := coalesce(new.deletion_code, 'deleted');
        new.rejection_code := null;
        new.rejection_reason := null;
    end if;
    return new;
end $$;
create trigger video_life before update of state on video
    for each row when (old.state is distinct from new.state) execute function video_keep_life();

create function video_refuse_return() returns trigger language plpgsql as $$
begin
    raise exception 'video %: no transition from % to %', old.id, old.state, new.state using errcode = 'check_violation';
end $$;
create trigger video_transition before update of state on video
    for each row when (
        old.state is distinct from new.state
        and (old.state = 'DELETED' or new.state = 'UPLOADING' or (old.state <> 'UPLOADING' and new.state <> 'DELETED')))
    execute function video_refuse_return();
