-- Run once by the superuser, on a new server:
--
--   psql -v password="$(cat administrator-password)" -f roles.sql
--
-- The administrator of this platform: makes one role per service and owns the database. No superuser, no replication.
select format('create role dichterbij_admin login createrole password %L', :'password')
where not exists (select from pg_roles where rolname = 'dichterbij_admin') \gexec

select 'create database dichterbij owner dichterbij_admin encoding ''UTF8'' template template0'
where not exists (select from pg_database where datname = 'dichterbij') \gexec
