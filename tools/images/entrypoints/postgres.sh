#!/bin/sh
# Starts PostgreSQL. An empty volume becomes a database cluster first, with the
# superuser, password and database that the variables POSTGRES_USER,
# POSTGRES_PASSWORD and POSTGRES_DB name, or the files in NAME_FILE. While that
# goes on the server answers on its socket only.
set -eu

value() {
	eval "file=\${$1_FILE:-} set=\${$1:-}"
	if [ -n "$file" ]; then cat "$file"; else printf %s "${set:-$2}"; fi
}

case "${1:-}" in
-* | '') set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
	user=$(value POSTGRES_USER postgres)
	password=$(value POSTGRES_PASSWORD '')
	database=$(value POSTGRES_DB "$user")
	method=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
	if [ -z "$password" ] && [ "$method" != trust ]; then
		echo "POSTGRES_PASSWORD is empty, and nobody could log in: set it" >&2
		exit 1
	fi
	mkdir -p "$PGDATA"
	chmod 700 "$PGDATA" 2>/dev/null || true
	if [ -n "$password" ]; then
		printf '%s\n' "$password" | eval "initdb --username=\"\$user\" --pwfile=/dev/stdin ${POSTGRES_INITDB_ARGS:-}"
	else
		eval "initdb --username=\"\$user\" ${POSTGRES_INITDB_ARGS:-}"
	fi
	printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
	printf "\nlisten_addresses = '*'\n" >>"$PGDATA/postgresql.conf"

	pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
	export PGPASSWORD="$password"
	if [ "$database" != postgres ]; then
		printf 'CREATE DATABASE :"name";\n' | psql --no-psqlrc -v ON_ERROR_STOP=1 -v name="$database" -U "$user" -d postgres
	fi
	for file in /docker-entrypoint-initdb.d/*; do
		case "$file" in
		*.sh) . "$file" ;;
		*.sql) psql --no-psqlrc -v ON_ERROR_STOP=1 -U "$user" -d "$database" -f "$file" ;;
		esac
	done
	unset PGPASSWORD
	pg_ctl -D "$PGDATA" -m fast -w stop
	echo 'the database cluster is made, and PostgreSQL starts on it'
fi
exec "$@"
