-- Lists of a tenant's media by state, what is over, and what is to be removed. Uploads wait while these are built: media are
-- far fewer than jobs.
create index video_of_tenant_in_state on video (tenant_id, state, id desc);
create index video_to_expire on video (expires_at) where state = 'READY' and expires_at is not null;
create index video_to_remove on video (remove_at) where remove_at is not null;
