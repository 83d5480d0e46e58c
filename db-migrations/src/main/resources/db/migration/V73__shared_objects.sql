-- A tenant's uploads of the same bytes share one object (docs/decisions/0071-uploads.md). Tenants share nothing.
alter table video add column object_id uuid;
comment on column video.object_id is 'the video of this tenant''s under whose key the bytes lie; null: this one';

-- Uploads wait while these are built: media are far fewer than jobs.
create index video_by_content on video (tenant_id, sha256) where state = 'READY';
create index video_sharing on video (object_id) where state = 'READY' and object_id is not null;
