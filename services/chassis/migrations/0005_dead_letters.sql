-- Who put a dead letter away, and why. `resolution` is took_effect (tried again by hand), had_taken_effect or
-- discarded; `note` is the administrator's reason, without names.
alter table dead_letters
    add column resolved_by uuid,
    add column note        text,
    add constraint dead_letters_note check (char_length(note) <= 500);
create index dead_letters_open on dead_letters (died_at, event_id, consumer) where resolved_at is null;

-- Seconds since the oldest transaction of this database began that keeps dead rows from being cleaned away
-- (RELIABILITY part 2: queue tables die of them). A service may not see the sessions of others, so this runs
-- with its owner's rights and gives a number only.
create function oldest_transaction_seconds() returns float8
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
      and (backend_xid is not null or backend_xmin is not null) and backend_type <> 'autovacuum worker'
$$;
revoke all on function oldest_transaction_seconds() from public;
