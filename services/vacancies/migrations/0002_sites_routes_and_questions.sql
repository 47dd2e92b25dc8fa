-- Employers with sites, several contacts and account managers; openings on every route, paused, and
-- asked whether they are still open; what employers changed in their search.

create table sites (
    site_id     uuid        not null primary key,
    employer_id uuid        not null references employers on delete cascade,
    name        text        not null check (char_length(name) <= 120),
    street      text        not null check (char_length(street) <= 120),
    postcode    text        not null,
    place       text        not null,
    region      text        not null,
    created_at  timestamptz not null,
    ended_at    timestamptz
);
create index sites_of_employer on sites (employer_id, created_at, site_id);
insert into sites (site_id, employer_id, name, street, postcode, place, region, created_at)
select gen_random_uuid(), employer_id, '', '', postcode, place, region, created_at from employers;

-- Follow from the sites in use, and stand here so that lists need not look at them: the place of the
-- first one, and the regions of all.
alter table employers
    add column regions         text[]  not null default '{}',
    add column labour_conflict boolean not null default false;
update employers set regions = array[region];
alter table employers alter column regions drop default, drop column postcode, drop column region;
create index employers_name on employers (lower(name), employer_id);
create index employers_regions on employers using gin (regions);
create index employers_in_conflict on employers (employer_id) where labour_conflict;

create table account_managers (
    employer_id uuid        not null references employers on delete cascade,
    region      text        not null,
    account_id  uuid        not null,
    since       timestamptz not null,
    primary key (employer_id, region)
);
create index account_managers_account on account_managers (account_id, employer_id);

-- Several contact persons, each under a key of her own. The first one keeps the employer's id as its
-- own: her cipher text is bound to it.
alter table employer_contacts drop constraint employer_contacts_pkey;
alter table employer_contacts
    add column contact_id uuid,
    add column site_id    uuid references sites,
    add column created_at timestamptz,
    add column changed_at timestamptz;
update employer_contacts c
set contact_id = c.employer_id, created_at = e.created_at, changed_at = e.created_at
from employers e where e.employer_id = c.employer_id;
alter table employer_contacts
    alter column contact_id set not null,
    alter column created_at set not null,
    alter column changed_at set not null,
    add primary key (contact_id);
create index employer_contacts_of on employer_contacts (employer_id, created_at, contact_id);

-- Who was shown a contact person, and for what. Stays when the contact is deleted.
create table contact_looks (
    look_id     uuid        not null primary key,
    contact_id  uuid        not null,
    employer_id uuid        not null,
    account_id  uuid        not null,
    purpose     text        not null,
    looked_at   timestamptz not null
);
create index contact_looks_of on contact_looks (contact_id, looked_at);
create index contact_looks_at on contact_looks (looked_at);

-- `route` stays beside `terms`, because openings are looked for by it.
alter table openings
    add column terms               jsonb,
    add column site_id             uuid references sites,
    add column days                smallint not null default 0 check (days between 0 and 127),
    add column cao                 text     not null default '' check (char_length(cao) <= 120),
    add column support             text[]   not null default '{}',
    add column paused_by_conflict  boolean  not null default false,
    add column asked_at            timestamptz,
    add column question_closes_on  date,
    add column last_day            date generated always as (coalesce(closes_on, question_closes_on)) stored,
    drop constraint openings_state_check,
    drop constraint openings_close_reason_check,
    drop constraint published_says_when;
update openings
set terms = case
        when route <> 'open_hiring' then jsonb_build_object('route', route)
        when starts_on is null then jsonb_build_object('route', route, 'starts', '[]'::jsonb)
        else jsonb_build_object('route', route, 'starts',
            jsonb_build_array(jsonb_build_object('on', starts_on, 'places', places)))
    end,
    starts_on = case when route = 'open_hiring' then null else starts_on end;
alter table openings
    alter column terms set not null,
    alter column days drop default,
    alter column cao drop default,
    alter column support drop default,
    alter column paused_by_conflict drop default,
    add constraint openings_state_check check (state in ('draft', 'published', 'paused', 'closed')),
    add constraint openings_close_reason_check
        check (close_reason in ('filled', 'withdrawn', 'expired', 'undone')),
    add constraint published_says_when check (state not in ('published', 'paused') or published_at is not null),
    add constraint question_is_whole check ((asked_at is null) = (question_closes_on is null)),
    add constraint question_while_open check (asked_at is null or state in ('published', 'paused')),
    add constraint conflict_pauses check (not paused_by_conflict or state = 'paused');
drop index openings_near;
create index openings_near on openings (cell_x, cell_y) include (opening_id, route, last_day)
    where state = 'published';
drop index openings_closing;
create index openings_closing on openings (last_day)
    where state in ('published', 'paused') and last_day is not null;
-- What a question may be due for: by the last day, or by how long nothing changed.
create index openings_to_ask on openings (closes_on)
    where state in ('published', 'paused') and asked_at is null and closes_on is not null;
create index openings_untouched on openings (changed_at)
    where state in ('published', 'paused') and asked_at is null and closes_on is null;
create index openings_asked on openings (question_closes_on, opening_id) where asked_at is not null;
-- Counts per employer, and the order of the sitemap.
create index openings_published on openings (employer_id) where state = 'published';
create index openings_published_ids on openings (opening_id) include (changed_at, last_day, employer_id)
    where state = 'published';
create index openings_in_conflict on openings (employer_id) where paused_by_conflict;
create index openings_at_site on openings (site_id) where site_id is not null and state <> 'closed';

-- What an employer changed in its search, for the region's figures.
create table search_changes (
    opening_id   uuid        not null references openings on delete cascade,
    version      bigint      not null,
    kind         text        not null
        check (kind in ('requirement_dropped', 'hours_changed', 'route_changed')),
    employer_id  uuid        not null,
    route        text        not null,
    region       text        not null,  -- where the work is
    dropped      text[]      not null,
    after_advice text,
    changed_at   timestamptz not null,
    primary key (opening_id, version, kind)
);
create index search_changes_at on search_changes (changed_at);
