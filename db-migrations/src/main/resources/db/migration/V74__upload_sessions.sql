-- Uploads that take more than one request: to presigned addresses of the store, or by tus. Any instance takes the next request.
-- A row is about one UPLOADING video, and stays until nothing can be left of it in the store.

create table upload (
    video_id        uuid primary key references video,
    tenant_id       uuid not null references tenant,
    protocol        text not null check (protocol in ('PRESIGNED', 'TUS')),
    size_bytes      bigint not null check (size_bytes > 0),
    part_bytes      bigint not null check (part_bytes > 0),
    sha256          text check (sha256 ~ '^[0-9a-f]{64}$'),
    received_bytes  bigint not null default 0,
    segments        integer not null default 0 check (segments >= 0),
    created_at      timestamptz not null default clock_timestamp(),
    expires_at      timestamptz not null,
    checked_until   timestamptz,
    objects         uuid[] not null default '{}',
    remove_at       timestamptz,
    constraint upload_receives_no_more_than_it_said check (received_bytes between 0 and size_bytes)
) with (fillfactor = 80);
create index upload_open_of_tenant on upload (tenant_id) where remove_at is null;
create index upload_to_expire on upload (expires_at) where remove_at is null;
create index upload_to_remove on upload (remove_at) where remove_at is not null;
comment on column upload.part_bytes is 'of all parts but the last one, which is what is left';
comment on column upload.received_bytes is 'tus: the offset';
comment on column upload.checked_until is 'somebody checks the whole file, who is thought dead after this';
comment on column upload.objects is 'under whose keys whoever checked it may have written: each one tries its own';
comment on column upload.remove_at is 'when somebody removes what lies in the store; null: the upload is going on';

-- what tus has brought, each in an object of its own
create table upload_segment (
    video_id    uuid not null references upload on delete cascade,
    first_byte  bigint not null check (first_byte >= 0),
    bytes       bigint not null check (bytes > 0),
    object_id   uuid not null,
    primary key (video_id, first_byte)
);

-- Whoever ends the video, of this version or of one before it, ends the upload. The object that a READY video took is its own
-- from now on. As the owner: instances of an earlier version have no rights to this table yet.
create function upload_end() returns trigger language plpgsql security definer set search_path from current as $$
begin
    update upload
    set remove_at = clock_timestamp(),
        objects = case when new.state = 'READY' then array_remove(objects, new.object_id) else objects end
    where video_id = new.id and remove_at is null;
    return null;
end $$;
create trigger video_ends_upload after update of state on video
    for each row when (old.state = 'UPLOADING' and new.state <> 'UPLOADING') execute function upload_end();

-- SC002: the tenant has no room for it, should all uploads that are going on succeed.
create function upload_take_room() returns trigger language plpgsql as $$
declare
    most bigint;
    used bigint;
begin
    select max_stored_bytes into most from tenant where id = new.tenant_id;
    if most is not null then
        -- one at a time of a tenant
        insert into tenant_counter (tenant_id, place, stored_bytes) values (new.tenant_id, 0, 0)
        on conflict (tenant_id, place) do update set stored_bytes = tenant_counter.stored_bytes
        returning stored_bytes into used;
        select used + coalesce(sum(size_bytes), 0) into used
        from upload where tenant_id = new.tenant_id and remove_at is null;
        if used + new.size_bytes > most then
            raise exception 'tenant %: % of % bytes are stored or on their way', new.tenant_id, used, most
                using errcode = 'SC002';
        end if;
    end if;
    return new;
end $$;
create trigger upload_takes_room before insert on upload for each row execute function upload_take_room();
