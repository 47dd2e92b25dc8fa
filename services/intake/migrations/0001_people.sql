-- Job-seekers: everything that says who someone is stands encrypted under a key of her own.
--
-- What can be read here without a key: that there is a person, when she came, the language of her
-- screens and what she said yes to. No name, no contact, no postcode, no wishes.

create table seekers (
    seeker_id          uuid        primary key,
    -- Independent random ids, one per outward face: none leads to another outside this table.
    open_file_id       uuid        not null unique,
    background_id      uuid        not null unique,
    version            bigint      not null check (version >= 1),
    -- HMAC of the normalised contact: finds a person, cannot be read back. Unique, so that two
    -- confirmations at one moment make one person.
    contact_index      bytea       not null unique check (octet_length(contact_index) = 32),
    data_key           bytea       not null,  -- wrapped; erasing it makes backups of the rest unreadable
    identity           bytea       not null,  -- encrypted: name, contact, channel
    wishes             bytea       not null,  -- encrypted: wishes with the postcode, and the area made from it
    language           text        not null check (language in ('nl', 'en')),
    -- Kept only with consent for figures, and told later than the profile (see `tell_entry_points`).
    entry_point        bytea,
    entry_point_due_at timestamptz,
    background_version bigint      not null default 0,
    created_at         timestamptz not null,
    changed_at         timestamptz not null,
    check (entry_point_due_at is null or entry_point is not null)
);
create index seekers_entry_point_due on seekers (entry_point_due_at) where entry_point_due_at is not null;

-- Every yes and no that was ever said, in order. The last one per purpose counts.
create table consents (
    consent_id   bigint      generated always as identity primary key,
    seeker_id    uuid        not null references seekers on delete cascade,
    purpose      text        not null check (purpose in ('open_file', 'adviser', 'figures')),
    given        boolean     not null,
    text_version text        not null,
    channel      text        not null check (channel in ('self')),
    at           timestamptz not null
);
create index consents_of_seeker on consents (seeker_id, purpose, consent_id desc);

-- Append-only: what someone said cannot be rewritten, only followed by what she says next. Rows go
-- only together with the person.
create function consents_are_not_rewritten() returns trigger language plpgsql as $$
begin
    raise exception 'consents are append-only';
end
$$;
create trigger consents_append_only before update on consents
    for each statement execute function consents_are_not_rewritten();
