set -eu
cd "${TMPDIR:-/tmp}"
rm -f said heard
mkfifo said heard
timeout "${PATIENCE:-20}" nc "$NATS_HOST" "$NATS_PORT" <said >heard &
exec 3>said 4<heard
refuse() {
	echo "$1" >&2
	exit 1
}
ask() {
	printf 'PUB %s _INBOX.nats-streams %d\r\n%s\r\n' "$1" "${#2}" "$2" >&3
	while IFS= read -r line <&4; do
		case $line in
		MSG*)
			IFS= read -r answer <&4
			return 0
			;;
		PING*) printf 'PONG\r\n' >&3 ;;
		-ERR*) refuse "the server refuses: $line" ;;
		esac
	done
	refuse "the server has closed the connection, or did not answer in time"
}
printf 'CONNECT {"verbose":false,"pedantic":false,"name":"nats-streams"}\r\nSUB _INBOX.nats-streams 1\r\n' >&3
while IFS=' ' read -r stream config; do
	ask "\$JS.API.STREAM.INFO.$stream" ""
	case $answer in
	*'"err_code":10059'*) ;;
	*'"error":{'*) refuse "stream $stream: $answer" ;;
	*)
		echo "stream $stream is there"
		continue
		;;
	esac
	ask "\$JS.API.STREAM.CREATE.$stream" "$config"
	case $answer in
	*'"error":{'*) refuse "stream $stream: $answer" ;;
	esac
	echo "stream $stream is made"
done <"$STREAMS"
