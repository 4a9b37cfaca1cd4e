#!/bin/sh
# Starts HAProxy as a master that stays in the foreground; options alone are
# HAProxy's.
case "${1:-}" in
-* | '') set -- haproxy "$@" ;;
esac
if [ "$1" = haproxy ]; then
	shift
	set -- haproxy -W -db "$@"
fi
exec "$@"
