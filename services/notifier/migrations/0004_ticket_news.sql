-- What there is to tell about places in line, as open-hiring says it: one row per ticket, always the newest version, so
-- that nobody is told what stands no more. Without name or address: where she can be reached is asked of intake at the
-- moment of sending.
create table ticket_news (
    ticket_id    uuid        primary key,
    seeker_id    uuid        not null,
    opening_id   uuid        not null,
    version      bigint      not null,  -- of the ticket; only a newer one counts
    number       bigint      not null,
    step         text        not null,  -- what last happened
    happened_at  timestamptz not null,
    first_day    date,
    answer_until timestamptz,
    remind_at    timestamptz,           -- when an offer is told once more
    reminds      boolean     not null default false,  -- whether what is due is that reminder
    due_at       timestamptz,           -- when to tell (again); a claim moves it ahead; null: nothing is to be told
    expires_at   timestamptz not null   -- from then on it makes no sense any more
);
create index ticket_news_due on ticket_news (due_at) where due_at is not null;
create index ticket_news_seeker on ticket_news (seeker_id);

-- Openings that were named in such a message, as everyone could read them then: a queue that closes is told when its
-- opening is not shown any more.
create table named_openings (
    opening_id uuid primary key,
    title      text not null,
    place      text not null,
    employer   text not null
);
