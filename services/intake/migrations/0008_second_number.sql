-- A second telephone number, of somebody who knows where she is; and what is told of how she can be reached.

alter table seekers
    add column second_number bytea,  -- encrypted under her key: number, and whose it is
    -- A text message may come from it. Not unique: it signs nobody in, and one sister may be the second number of two.
    add column second_index  bytea check (octet_length(second_index) = 32),
    -- Of `ways_changed`; 0 while nothing was told.
    add column ways_version  bigint not null default 0 check (ways_version >= 0),
    add constraint seekers_second check ((second_number is null) = (second_index is null));
create index seekers_second_index on seekers (second_index) where second_index is not null;
create index seekers_ways_told on seekers (seeker_id) where ways_version > 0;

alter table contact_looks
    drop constraint contact_looks_purpose_check,
    add constraint contact_looks_purpose_check
        check (purpose in ('talk_about_work', 'appointment', 'correction', 'offer', 'second_number', 'first_day',
                           'in_line'));
