set -eu
ask() {
	psql --no-psqlrc --no-align --tuples-only --quiet --command="$1"
}
refuse() {
	echo "$1" >&2
	exit 1
}
while :; do
	answers=$(ask 'SHOW cluster_name')
	test "$answers" != "$SERVER" || break
	echo "waiting for the Service to lead to $SERVER"
	sleep 1
done
recovering=$(ask 'SELECT pg_is_in_recovery()')
test "$recovering" = t || exit 0
test "$ROLE" = promoted ||
	refuse "role: $SERVER is $ROLE, and it follows another server; set role promoted for it to take writes"
if test -n "$STANDBY" && test "$(PGHOST=$STANDBY ask 'SELECT pg_is_in_recovery()')" = f; then
	refuse "role: $SERVER is not promoted while the server behind $STANDBY takes writes; disable that one first"
fi
sending="SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')
	AND NOT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = current_setting('cluster_name'))"
while :; do
	receiving=$(ask "$sending")
	test "$receiving" = t || break
	echo "waiting for the server that $SERVER follows to stop"
	sleep 1
done
promoted=$(ask 'SELECT pg_promote(true, 300)')
test "$promoted" = t || refuse "$SERVER did not become the writer within 300 s; look at its log"
