#!/bin/sh
# Starts Redis; options and a configuration file alone are the server's.
case "${1:-}" in
-* | *.conf | '') set -- redis-server "$@" ;;
esac
exec "$@"
