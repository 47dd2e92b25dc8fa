-- An employer that a file brought goes again when the file is undone, unless somebody used it meanwhile.
-- Its row stays, because others may hold its id; no list shows it, and it can be added anew.

alter table employers
    add column made_by       uuid references imports on delete set null,  -- until somebody uses it
    add column taken_back_at timestamptz;
create index employers_made_by on employers (made_by) where made_by is not null;

alter table imports
    add column employers_undone integer not null default 0;
