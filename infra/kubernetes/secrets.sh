#!/bin/sh
# Prints the secrets that the manifests refer to, from the folder that `dichterbij keys --dir FOLDER` filled. None of it is in the repository.
#
#   ./secrets.sh FOLDER | kubectl apply --namespace dichterbij --filename -
#
# Needs kubectl, openssl, and the program (DBJ_BIN, else `dichterbij` on the path). Keep a copy of FOLDER away from the backups of the
# database: without it what is encrypted cannot be read. What is in FOLDER stays as it is, so this can be repeated; after a new release it
# must be: new services, new permissions.
set -eu
umask 077
folder=${1:?usage: secrets.sh FOLDER}
program=${DBJ_BIN:-dichterbij}
services="notifier intake vacancies open-hiring matcher portal"

once() { [ -s "$1" ] || openssl rand -hex 32 >"$1"; }
secret() { echo "---" && kubectl create secret "$@" --dry-run=client --output yaml; }

"$program" keys --dir "$folder"
once "$folder/nats-store-key"
once "$folder/postgres-administrator"
"$program" nats-config --secrets "$folder" >"$folder/authorization.conf"

for service in $services administrator; do
    secret generic "keys-$service" --from-file="$folder/$service.json" --from-file="$folder/public.json"
done
secret generic nats-authorization --from-file="$folder/authorization.conf"
# With a letter before it: nats-server reads some numbers as numbers.
secret generic nats-store-key --from-literal=key="k$(cat "$folder/nats-store-key")"
secret generic postgres-administrator --type=kubernetes.io/basic-auth \
    --from-literal=username=dichterbij_admin --from-literal=password="$(cat "$folder/postgres-administrator")"
