#!/bin/sh
# Makes what compose.yaml needs and the repository does not hold: passwords, keys, certificates, folders, .env.
# What is there already stays. Needs openssl, and the program: by itself it takes it from the image.
#
#   ./prepare.sh [--cluster] [FOLDER]      FOLDER: where to make it, this one by default
set -eu
umask 077
[ "$(id -u)" != 0 ] || echo "prepare.sh: the containers will run as root; better run this as a user of its own" >&2
replicas=1
if [ "${1:-}" = --cluster ]; then
    replicas=3
    shift
fi
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-$here}
mkdir -p "$to/secrets/keys" "$to/secrets/nats" "$to/secrets/tls" "$to/data/postgres"
for node in 1 2 3; do mkdir -p "$to/data/nats-$node"; done
cd "$to/secrets"

# The program from DBJ_BIN, else from the image, as this user and without a network.
dichterbij() {
    if [ -n "${DBJ_BIN:-}" ]; then
        "$DBJ_BIN" "$@"
    else
        docker run --rm --network none --user "$(id -u):$(id -g)" --volume "$PWD:$PWD" --workdir "$PWD" \
            "${DBJ_IMAGE:-dichterbij:latest}" "$@"
    fi
}

# A file that is made once, by the command that follows, whole or not at all.
once() {
    file=$1
    shift
    [ -s "$file" ] || { "$@" >"$file.new" && mv "$file.new" "$file"; }
}

store_key() { printf 'store_key: "%s"\n' "$(openssl rand -hex 32)"; }
pgpass() { printf 'postgres:5432:*:dichterbij_admin:%s\n' "$(cat administrator-password)"; }

once postgres-password openssl rand -hex 24
once administrator-password openssl rand -hex 24
once pgpass pgpass
once nats/store-key.conf store_key

# An authority for this machine alone, and one certificate for the nodes of NATS.
if [ ! -s tls/node.crt ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=Dichterbij NATS" \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign \
        -keyout tls/ca.key -out tls/ca.crt 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=nats" \
        -keyout tls/node.key -out tls/node.csr 2>/dev/null
    printf '%s\n' basicConstraints=CA:FALSE extendedKeyUsage=serverAuth,clientAuth \
        subjectAltName=DNS:nats,DNS:nats-1,DNS:nats-2,DNS:nats-3,DNS:localhost >tls/extensions
    openssl x509 -req -in tls/node.csr -CA tls/ca.crt -CAkey tls/ca.key -CAcreateserial -days 825 \
        -extfile tls/extensions -out tls/node.crt 2>/dev/null
    rm -f tls/node.csr tls/extensions tls/ca.srl
fi

dichterbij keys --dir keys
# Who may do what: made anew each time, because a new release may bring new permissions.
dichterbij nats-config --secrets keys >nats/authorization.conf.new
# Written over, not replaced: a container that runs goes on seeing the same file.
cat nats/authorization.conf.new >nats/authorization.conf
rm nats/authorization.conf.new

[ -s "$to/.env" ] || sed -e "s/^DBJ_UID=.*/DBJ_UID=$(id -u)/" -e "s/^DBJ_GID=.*/DBJ_GID=$(id -g)/" \
    -e "s/^DBJ_REPLICAS=.*/DBJ_REPLICAS=$replicas/" "$here/env.example" >"$to/.env"
printf 'Made in %s. Keep a copy of secrets/ away from the backups of the database.\n' "$to"
printf 'tls/ca.key is needed only to renew the certificate: take it off this machine.\n'
