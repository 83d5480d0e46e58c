-- Reads every row once. Nobody waits for it: rows are read and written meanwhile.
alter table tenant validate constraint tenant_media_retention_is_sane;
alter table video validate constraint video_deletion_has_reason;
