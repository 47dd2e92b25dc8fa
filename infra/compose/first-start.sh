#!/bin/sh
# Runs once, inside the PostgreSQL container, when the cluster has just been made: see infra/postgres/roles.sql.
set -eu
psql --no-psqlrc -v ON_ERROR_STOP=1 -v "password=$(cat /run/secrets/administrator)" \
    --username "$POSTGRES_USER" --dbname postgres --file /roles.sql
