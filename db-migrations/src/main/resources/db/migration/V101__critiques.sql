-- Clips that are judged and compared: each is a job like any other, and these rows say which belong together.
create table critique (
    id          uuid primary key,
    tenant_id   uuid not null references tenant,
    actor       text not null check (length(actor) between 1 and 200),
    created_at  timestamptz not null default clock_timestamp()
);
create table critique_clip (
    critique_id  uuid not null references critique on delete cascade,
    position     integer not null check (position >= 0),
    video_id     uuid not null,
    job_id       uuid not null,
    primary key (critique_id, position)
);
