-- What the auditor knows of each stream on which this service says something (RELIABILITY rule 8, docs/adr/0009).
create table audits (
    stream     text        primary key,         -- first part of the subject: evt, bg
    mark_seq   bigint,                           -- everything of ours up to this number was seen on the stream,
    mark_event uuid,                             -- which holds this event at that number
    server     text        not null default '',  -- id of the server then; another one after each restart
    is_clean   boolean     not null default false,
    read       bigint      not null default 0,   -- messages, in the last audit
    missing    bigint      not null default 0,   -- of them
    unknown    bigint      not null default 0,   -- on the stream and not in the outbox
    audited_at timestamptz,                      -- its end
    full_at    timestamptz,                      -- end of the last one that began at the beginning
    holder     uuid,                             -- one auditor at a time, until
    held_until timestamptz
);

-- The rows that say that they are in a range of the stream.
create index outbox_stream_seq on outbox (stream_seq) where published_at is not null;

-- Since when a row waits again because the stream had lost it.
alter table outbox add column refilled_at timestamptz;
