package page

import (
	"fmt"
	"strings"
)

// Marker is the first line of the comment of a key, which no reader sees. It is
// exact: the marker of one key is never the beginning of another's. It ends
// neither early nor in a dash, so that it stays one comment of HTML.
func Marker(key string) string {
	var name strings.Builder
	for i := range len(key) {
		b := key[i]
		switch {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9', strings.IndexByte("._/ ", b) >= 0,
			b == '-' && i > 0 && key[i-1] != '-':
			name.WriteByte(b)
		default:
			fmt.Fprintf(&name, "%%%02X", b)
		}
	}
	return "<!-- platform-review " + name.String() + " -->"
}
