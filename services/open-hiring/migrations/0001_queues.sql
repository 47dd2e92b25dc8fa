-- Queues of Open Hiring. Nothing here says who somebody is: a ticket belongs to an id.
--
-- Everything about one queue is written under its advisory lock (see store/queues.rs), so order is the order in which
-- transactions commit, and counters below need no locks of their own.

-- Openings on this route, as vacancies last told. A queue is opened for one that is published.
create table openings (
    opening_id  uuid    primary key,
    version     bigint  not null,
    employer_id uuid,            -- null while only its end was heard of
    region      text,
    state       text    not null check (state in ('published', 'paused', 'closed')),
    is_route    boolean not null -- whether it is on this route at all
);

create table queues (
    queue_id      uuid        primary key,  -- the number of its opening
    version       bigint      not null,
    employer_id   uuid        not null,
    region        text        not null,
    opened_at     timestamptz not null,
    opens_at      timestamptz not null,
    answer_hours  smallint    not null,
    answer_from   smallint    not null,
    answer_until  smallint    not null,
    is_standing   boolean     not null,
    stage         text        not null check (stage in ('running', 'stopped', 'closed')),
    reason        text,
    -- Whether people who waited when it closed are still to be told.
    to_tell       boolean     not null default false,
    -- The end of its ledger: how many entries, the last head, the moment of the last entry.
    entries       bigint      not null,
    head          bytea       not null check (octet_length(head) = 32),
    last_at       timestamptz not null,
    last_number   integer     not null,
    -- The last head that was published, and how often one was.
    published     bigint      not null default 0,
    publications  bigint      not null default 0,
    check ((stage = 'running') = (reason is null))
);
create index queues_of_employer on queues (employer_id);
create index queues_of_region on queues (region);
create index queues_to_tell on queues (queue_id) where to_tell;

create table places (
    place_id      uuid     primary key,
    queue_id      uuid     not null references queues,
    ordinal       integer  not null,       -- the order in which they were added
    first_day     date     not null,
    state         text     not null check (state in ('free', 'offered', 'taken', 'started', 'withdrawn')),
    leaves        boolean  not null,
    withdrawn_for text,
    unique (queue_id, ordinal),
    unique (queue_id, place_id)
);

create table tickets (
    ticket_id       uuid        primary key,
    queue_id        uuid        not null references queues,
    seeker_id       uuid        not null,
    number          integer     not null check (number >= 1),
    version         bigint      not null,
    state           text        not null check (state in ('waiting', 'offered', 'yes', 'paused', 'started', 'ended')),
    step            text        not null,
    changed_at      timestamptz not null,
    signed_up_at    timestamptz not null,
    is_confirmed    boolean     not null,
    no_offer_before timestamptz,
    refused_days    date[]      not null default '{}',
    place_id        uuid,
    offered_until   timestamptz,
    back_until      timestamptz,
    -- The ticket for which she left this line; she comes back until she begins there.
    left_for        uuid,
    -- How she can be reached: bits of message, call, second number, adviser. And what was tried about this offer.
    ways            smallint    not null,
    offered_at      timestamptz,
    rung            text,
    rung_due_at     timestamptz,
    called          boolean     not null default false,
    with_help_of    uuid,
    -- A number is given once.
    unique (queue_id, number),
    -- Never more yeses than places, and never two open offers for one: a place has one ticket, whatever the code says.
    -- Judged at the end of a transaction, in which a place may go from one to another.
    constraint tickets_of_place unique (place_id) deferrable initially deferred,
    foreign key (queue_id, place_id) references places (queue_id, place_id),
    check ((place_id is not null) = (state in ('offered', 'yes', 'started'))),
    check ((offered_until is not null) = (state = 'offered'))
);
-- One person, one place. Whoever is out of a line for good may stand in it anew, behind everybody.
create unique index tickets_one_place on tickets (queue_id, seeker_id) where state <> 'ended';
create index tickets_of_seeker on tickets (seeker_id);
-- Who is asked next.
create index tickets_in_line on tickets (queue_id, number) where state = 'waiting' and is_confirmed;
create index tickets_waiting on tickets (queue_id, number) where state = 'waiting';
-- What is due by the clock.
create index tickets_run_out on tickets (offered_until) where state = 'offered';
create index tickets_rung_due on tickets (rung_due_at) where rung_due_at is not null;
create index tickets_unconfirmed on tickets (signed_up_at) where not is_confirmed and state in ('waiting', 'paused');
create index tickets_held_back on tickets (no_offer_before) where no_offer_before is not null and state = 'waiting';

-- How many wait, per thousand numbers: "how many are before me" reads a hundred rows in a line of a hundred thousand.
create table line_blocks (
    queue_id uuid    not null references queues,
    block    integer not null,
    waiting  integer not null check (waiting >= 0),
    primary key (queue_id, block)
);

-- How many were asked, per week (its Monday in the Netherlands).
create table asked_weeks (
    queue_id uuid    not null references queues,
    monday   date    not null,
    asked    integer not null,
    primary key (queue_id, monday)
);

-- The ledger (docs/queue-ledger.md). Only ever added to; erasing takes nonce and entry and leaves the commitment.
create table ledger (
    queue_id   uuid        not null references queues,
    n          bigint      not null check (n >= 1),
    commitment bytea       not null check (octet_length(commitment) = 32),
    head       bytea       not null check (octet_length(head) = 32),
    nonce      bytea       check (octet_length(nonce) = 32),
    entry      text,
    at         timestamptz not null,
    ticket_id  uuid,
    step       text        not null,
    account_id uuid,       -- the member of staff who did it for her
    primary key (queue_id, n),
    check ((nonce is null) = (entry is null))
);
create index ledger_of_ticket on ledger (ticket_id, n) where ticket_id is not null;

create function ledger_is_only_added_to() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.entry is null and new.nonce is null and new.account_id is null
       and (new.queue_id, new.n, new.commitment, new.head) = (old.queue_id, old.n, old.commitment, old.head) then
        return new;
    end if;
    raise exception 'a ledger is only added to';
end
$$;
create trigger ledger_only_added_to before update or delete on ledger
    for each row execute function ledger_is_only_added_to();

-- Heads as published.
create table heads (
    queue_id  uuid        not null references queues,
    hour      timestamptz not null,
    count     bigint      not null,
    head      bytea       not null,
    key       text        not null,
    signature bytea       not null,
    primary key (queue_id, hour)
);
create table head_keys (
    key     text  primary key,
    ed25519 bytea not null check (octet_length(ed25519) = 32)
);

-- Calls to make about offers.
create table call_tasks (
    task_id      uuid        primary key,
    queue_id     uuid        not null references queues,
    ticket_id    uuid        not null references tickets on delete cascade,
    region       text        not null,
    rung         text        not null check (rung in ('call', 'second_number', 'adviser')),
    opened_at    timestamptz not null,
    answer_until timestamptz not null,
    closed_at    timestamptz,
    result       text,
    account_id   uuid
);
create index call_tasks_open on call_tasks (region, answer_until) where closed_at is null;
create unique index call_tasks_one_open on call_tasks (ticket_id) where closed_at is null;

-- A confirmation that overtook its sign-up.
create table confirmations (
    seeker_id uuid        primary key,
    at        timestamptz not null
);
create index confirmations_at on confirmations (at);
