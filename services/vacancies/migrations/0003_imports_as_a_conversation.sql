-- An import is a conversation: rows in, columns, what will happen, mend, place, undo.

alter table imports
    drop constraint imports_state_check,
    drop constraint finished_means_all,
    add column headings     text[]      not null default '{}',  -- of the file, then those added by mending
    add column file_columns integer     not null default 0,     -- how many of them the file has
    add column mapped       boolean     not null default false, -- whether someone confirmed the columns
    add column rows_in      integer     not null default 0,
    -- How far judging is: rows read for questions about the whole file, whether those are answered,
    -- and rows judged; with what would become of them.
    add column read_rows    integer     not null default 0,
    add column looked       boolean     not null default false,
    add column judged_rows  integer     not null default 0,
    add column would_place  integer     not null default 0,
    add column would_change integer     not null default 0,
    add column would_keep   integer     not null default 0,
    add column would_refuse integer     not null default 0,
    add column undone       integer     not null default 0,
    add column left_alone   integer     not null default 0,
    add column touched_at   timestamptz,
    add column emptied_at   timestamptz;
-- Until now the columns were those that are used, and every one was known.
update imports i
set headings = columns,
    file_columns = cardinality(columns),
    mapped = true,
    rows_in = (select count(*) from import_rows r where r.import_id = i.import_id),
    touched_at = coalesce(finished_at, run_at, started_at);
update imports set state = 'judging' where state = 'receiving' and rows_in = row_count;
alter table imports
    alter column touched_at set not null,
    alter column headings drop default,
    alter column file_columns drop default,
    add constraint imports_state_check check (state in
        ('receiving', 'mapping', 'judging', 'judged', 'running', 'finished', 'undoing', 'undone')),
    add constraint finished_means_all check
        ((state in ('finished', 'undoing', 'undone')) = (placed + changed + unchanged + refused = row_count)),
    add constraint judged_means_all check
        (state <> 'judged' or would_place + would_change + would_keep + would_refuse = row_count),
    add constraint undone_means_all check
        ((state = 'undone') = (state in ('undoing', 'undone') and undone + left_alone = placed + changed)),
    add constraint a_column_per_heading check (cardinality(columns) = cardinality(headings));
create index imports_judging on imports (touched_at) where state = 'judging';
create index imports_undoing on imports (touched_at) where state = 'undoing';
create index imports_never_run on imports (touched_at)
    where state in ('receiving', 'mapping', 'judging', 'judged');
create index imports_to_empty on imports (finished_at)
    where state in ('finished', 'undone') and emptied_at is null;
create index imports_of_account on imports (account_id, started_at desc);

alter table import_rows
    add column judged   text check (judged in ('placed', 'changed', 'unchanged', 'refused')),
    add column said     text,    -- JSON: what a changed opening said before; emptied with the cells
    add column version  bigint,  -- of the opening, as this import left it
    add column taken_back boolean; -- whether undoing took it back; null while it did not come to it
create index import_rows_judged on import_rows (import_id, judged, row_no);
create index import_rows_keys on import_rows (import_id, kvk, kenmerk);
create index import_rows_to_undo on import_rows (import_id, row_no)
    where outcome in ('placed', 'changed') and taken_back is null;

-- What the headings of a file meant to an account the last time.
create table import_mappings (
    account_id uuid        not null,
    headings   bytea       not null,  -- SHA-256 of them, in one spelling
    columns    text[]      not null,
    used_at    timestamptz not null,
    primary key (account_id, headings)
);
create index import_mappings_used on import_mappings (used_at);
