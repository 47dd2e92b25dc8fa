-- People who come for a place in line: a first name and a number, and who may reach them about it.

-- Someone who only signed up for a queue told nothing about where she lives and what she wants. Until she does, no
-- profile of her is published.
alter table seekers
    alter column wishes drop not null,
    -- Of `contact_confirmed` and `contact_changed`. A counter of its own: a profile may be told much more often.
    add column contact_version bigint not null default 0 check (contact_version >= 0);

-- At this contact a confirmation is expected: somebody signed up for a queue. A row is made for every contact, also
-- when it is known, so that nobody can tell by the rows whose contact is known.
create table arrivals (
    contact_index bytea       primary key check (octet_length(contact_index) = 32),
    -- Hers from now on: the person who is known, or who she becomes when she confirms. No reference, because she need
    -- not be a person yet.
    seeker_id     uuid        not null,
    data_key      bytea       not null,  -- wrapped
    body          bytea       not null,  -- encrypted: name, contact, language, as first typed
    asked_at      timestamptz not null   -- last; deleted after 48 hours
);
create index arrivals_seeker on arrivals (seeker_id);
create index arrivals_asked on arrivals (asked_at);

-- Who may reach someone about her place in line, as open-hiring last said. No reference either. A row stays after both
-- moments, so that an older event that comes late opens nothing again; it goes with the ticket.
create table ticket_contacts (
    ticket_id      uuid        primary key,
    seeker_id      uuid        not null,
    employer_id    uuid        not null,
    version        bigint      not null,  -- of the ticket; only a newer one counts
    begins         boolean     not null,  -- whether she said yes or began
    offer_until    timestamptz,           -- account managers, to call her about an open offer
    beginner_until timestamptz            -- the employer where she begins
);
create index ticket_contacts_seeker on ticket_contacts (seeker_id);

alter table contact_looks
    drop constraint contact_looks_purpose_check,
    add constraint contact_looks_purpose_check
        check (purpose in ('talk_about_work', 'appointment', 'correction', 'offer', 'first_day', 'in_line'));
