-- The organisation an account works for, as people read it: in a letter of someone whom it helped, and
-- beside each look at someone's contact. Never a person's name.

alter table accounts    add column organisation text not null default '' check (char_length(organisation) <= 120);
alter table invitations add column organisation text not null default '' check (char_length(organisation) <= 120);

-- Colleagues of one employer.
create index accounts_employer on accounts (employer_id) where employer_id is not null;
