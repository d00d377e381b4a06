#!/bin/sh
# The one user's password comes from the environment and stays in memory (/run/pool is a tmpfs).
set -eu
umask 077
printf '"karla" "%s"\n' "$POSTGRES_PASSWORD" > /run/pool/userlist.txt
exec pgbouncer /etc/pgbouncer/pgbouncer.ini
