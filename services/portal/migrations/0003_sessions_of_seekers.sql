-- Sessions of someone who is erased are found by her id.
create index sessions_seeker on sessions (seeker_id) where seeker_id is not null;
