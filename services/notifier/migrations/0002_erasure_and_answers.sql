-- Messages go when their receiver goes; employers' answers are told.

create index messages_recipient on messages (recipient);

-- What employers answered to people, as the matcher says it. `told` is what she heard last; an answer
-- that differs is told when it is due. Without a name: where she can be reached is asked of intake at
-- the moment of sending.
create table employer_answers (
    proposal_id uuid        primary key,
    seeker_id   uuid        not null,
    version     bigint      not null,  -- of the proposal; only a newer one counts
    answer      text,                  -- null: none, or she took back that she wants it
    told        text,
    due_at      timestamptz,           -- when to tell (again); a claim moves it ahead
    expires_at  timestamptz not null,  -- from then on it makes no sense any more
    check (due_at is null or answer is not null)
);
create index employer_answers_due on employer_answers (due_at) where due_at is not null;
create index employer_answers_seeker on employer_answers (seeker_id);
