set -eu
find "$ARCHIVES" -name '*.dump.part' -mmin +300 -delete
archive="$ARCHIVES/$PGDATABASE-$(date -u +%Y%m%d-%H%M%S).dump"
trap 'rm -f "$archive.part"' EXIT
pg_dump --format=custom --no-password --file="$archive.part"
pg_restore --file=/dev/null "$archive.part"
mv "$archive.part" "$archive"
find "$ARCHIVES" -name '*.dump' -mtime "+$KEEP_DAYS" -delete
ls -l "$archive"
