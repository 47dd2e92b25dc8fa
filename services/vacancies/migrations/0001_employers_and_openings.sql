-- Employers, their openings, and imports of openings. Unqualified names: the service's schema is
-- the search path.

create table employers (
    employer_id uuid        not null primary key,
    kvk_number  text        not null constraint employers_kvk unique check (kvk_number ~ '^[0-9]{8}$'),
    name        text        not null check (char_length(name) between 1 and 120),
    postcode    text        not null,  -- of the first site; it decides the region, and so who may act
    place       text        not null,
    region      text        not null,
    created_at  timestamptz not null
);
create index employers_region on employers (region, lower(name), employer_id);

-- Whom to ask for. Apart from the employer, encrypted under a key of its own (RELIABILITY 5.2):
-- the table that everyone reads holds nothing about a person.
create table employer_contacts (
    employer_id uuid  not null primary key references employers on delete cascade,
    wrapped_key bytea not null,
    contact     bytea not null
);

create table openings (
    opening_id         uuid        not null primary key,
    employer_id        uuid        not null references employers,
    kenmerk            text,        -- the sender's own key, for openings that came from a file
    version            bigint      not null check (version > 0),
    state              text        not null check (state in ('draft', 'published', 'closed')),
    close_reason       text        check (close_reason in ('filled', 'withdrawn', 'expired')),
    route              text        not null,
    title              text        not null check (char_length(title) between 1 and 120),
    tasks              text[]      not null check (cardinality(tasks) between 1 and 10),
    description        text        not null check (char_length(description) <= 2000),
    postcode           text        not null,
    place              text        not null,
    cell_x             smallint    not null,
    cell_y             smallint    not null,
    municipality       text        not null,
    region             text        not null,
    hours_min          smallint    not null,
    hours_max          smallint    not null check (1 <= hours_min and hours_min <= hours_max and hours_max <= 48),
    dayparts           smallint    not null check (dayparts between 1 and 31),
    starts_on          date,
    closes_on          date,
    places             smallint    not null check (places between 1 and 999),
    pay_cents_per_hour integer,
    requirements       jsonb       not null,
    self_checks        jsonb       not null,
    published_at       timestamptz,
    created_at         timestamptz not null,
    changed_at         timestamptz not null,
    constraint closed_says_why check ((state = 'closed') = (close_reason is not null)),
    constraint published_says_when check (state <> 'published' or published_at is not null)
);
-- What a second import recognises an opening by.
create unique index openings_kenmerk on openings (employer_id, kenmerk) where kenmerk is not null;
-- Openings around a place: the box is found and the distance computed from the index alone.
create index openings_near on openings (cell_x, cell_y) include (opening_id, route, closes_on)
    where state = 'published';
create index openings_closing on openings (closes_on) where state = 'published' and closes_on is not null;
create index openings_of_employer on openings (employer_id, created_at desc, opening_id);
create index openings_newest on openings (created_at desc, opening_id);

create table imports (
    import_id   uuid        not null primary key,
    account_id  uuid        not null,
    actor       text        not null,  -- JSON: who imports, with her regions at that moment
    columns     text[]      not null,
    row_count   integer     not null check (row_count between 1 and 100000),
    state       text        not null check (state in ('receiving', 'running', 'finished')),
    placed      integer     not null default 0,
    changed     integer     not null default 0,
    unchanged   integer     not null default 0,
    refused     integer     not null default 0,
    started_at  timestamptz not null,
    run_at      timestamptz,
    finished_at timestamptz,
    constraint every_row_counts_once
        check (placed + changed + unchanged + refused <= row_count),
    constraint finished_means_all
        check ((state = 'finished') = (placed + changed + unchanged + refused = row_count))
);
create index imports_running on imports (run_at) where state = 'running';
create index imports_started on imports (started_at);

create table import_rows (
    import_id  uuid    not null references imports on delete cascade,
    row_no     integer not null,
    cells      text    not null,  -- JSON, as given; emptied as soon as the row has its outcome
    -- Read from the cells when the row came in, for questions about the file as a whole.
    kvk        text,
    kenmerk    text,
    postcode   text,
    region     text,
    repeats    integer,           -- the earlier row with the same KVK number and kenmerk
    outcome    text    not null default 'waiting'
        check (outcome in ('waiting', 'placed', 'changed', 'unchanged', 'refused')),
    opening_id uuid,
    problems   text,              -- JSON; not jsonb, which refuses the NUL that a bad file can hold
    primary key (import_id, row_no)
);
create index import_rows_waiting on import_rows (import_id, row_no) where outcome = 'waiting';
create index import_rows_refused on import_rows (import_id, row_no) where outcome = 'refused';

-- The first site of each KVK number in an import that lies in the importer's regions: decided for
-- the whole file at once, so that it does not matter which rows are placed first.
create table import_sites (
    import_id uuid not null references imports on delete cascade,
    kvk       text not null,
    postcode  text not null,
    primary key (import_id, kvk)
);
