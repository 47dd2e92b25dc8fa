-- Another number or address. Who has one of her own shows first that it is still hers; who cannot goes to a professional,
-- who says why.

alter table seekers
    -- Until then she may give another contact: the code to the old one came back.
    add column contact_free_until timestamptz;

alter table challenges
    add column reason text check (reason in ('phone_lost', 'old_ended', 'miswritten')),
    drop constraint challenges_purpose_check,
    add constraint challenges_purpose_check
        check (purpose in ('sign_in', 'helped', 'contact', 'take_over', 'old_contact', 'desk_contact')),
    drop constraint challenges_purpose,
    add constraint challenges_purpose check (
        case purpose
            when 'sign_in' then seeker_id is null and contact is null and account_id is null
            when 'helped' then seeker_id is null and contact is null and account_id is not null
            when 'old_contact' then seeker_id is not null and contact is null and account_id is null
            when 'desk_contact' then seeker_id is not null and contact is not null and account_id is not null
            else seeker_id is not null and contact is not null and account_id is null
        end),
    add constraint challenges_reason check ((reason is not null) = (purpose = 'desk_contact'));

alter table contact_looks
    drop constraint contact_looks_purpose_check,
    add constraint contact_looks_purpose_check
        check (purpose in ('talk_about_work', 'appointment', 'correction', 'offer', 'second_number', 'first_day',
                           'in_line', 'phone_lost', 'old_ended', 'miswritten'));
