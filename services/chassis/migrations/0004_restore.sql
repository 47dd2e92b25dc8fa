-- After a restore (docs/adr/0010): how far it is, and what this service told after the backup was made, which
-- the streams still know and its tables do not. While a row here has no `opened_at`, the service does nothing.
create table restores (
    restore_id uuid        primary key,
    backup_id  uuid        not null,
    taken_at   timestamptz not null,          -- the moment that the tables are of
    begun_at   timestamptz not null,
    loaded_at  timestamptz,                   -- the tables are filled; null after a restore that died
    known_at   timestamptz,                   -- what was told since is in `told_after_backup`
    opened_at  timestamptz,                   -- all of that is taken in, and the service works again
    -- What came of it, for the report: aggregates.
    taken_over bigint      not null default 0,
    erased     bigint      not null default 0,
    lost       bigint      not null default 0,
    check (known_at is null or loaded_at is not null),
    check (opened_at is null or known_at is not null)
);
create unique index restores_one_at_a_time on restores ((true)) where opened_at is null;

-- Gone as soon as it is taken in.
create table told_after_backup (
    n            bigint generated always as identity primary key,
    event_id     uuid   not null unique,
    aggregate_id uuid   not null,
    version      bigint not null,
    subject      text   not null,  -- below the root
    body         text   not null
);
create index told_after_backup_aggregate on told_after_backup (aggregate_id);
