set -eu
PGDATA=/var/lib/postgresql/data
test -s "$PGDATA/PG_VERSION" || PGDATA=$PGDATA/pgdata
export PGDATA

refuse() {
	echo "$1" >&2
	exit 1
}
case "$(cat /etc/postgresql/role)" in
primary)
	test ! -e "$PGDATA/standby.signal" ||
		refuse "role: primary, and the volume has the data of a replica; set role promoted for them to take writes"
	;;
replica)
	if test -s "$PGDATA/PG_VERSION"; then
		test -e "$PGDATA/standby.signal" ||
			refuse "role: replica, and the volume has the data of a server that took writes itself; move them out of $PGDATA as the runbook says, then a copy is made"
		exit 0
	fi
	until pg_isready -q -U haproxy_check -d postgres; do sleep 1; done
	test ! -e "$PGDATA" || rmdir "$PGDATA" || refuse "role: replica, and $PGDATA has files that are no database; move them away"
	rm -rf "$PGDATA.part"
	pg_basebackup --pgdata="$PGDATA.part" --wal-method=stream --checkpoint=fast --no-password
	touch "$PGDATA.part/standby.signal"
	mv "$PGDATA.part" "$PGDATA"
	;;
esac
