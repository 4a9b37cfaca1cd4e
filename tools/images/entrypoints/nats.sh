#!/bin/sh
# Starts the server; options alone are the server's.
case "${1:-}" in
-* | '') set -- nats-server "$@" ;;
esac
exec "$@"
