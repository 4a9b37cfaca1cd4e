package toolchain

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgress(t *testing.T) {
	const begin = "[2/3] etcd 3.6.5: building …"
	for name, tc := range map[string]struct {
		terminal bool
		err      error
		want     string
	}{
		"log": {false, nil, begin + "\n" + begin + " 2m10s\n[2/3] etcd 3.6.5: done in 2m10s\n"},
		"failed": {
			false, errors.New("broken"),
			begin + "\n" + begin + " 2m10s\n[2/3] etcd 3.6.5: failed after 2m10s\n",
		},
		"terminal": {true, nil, "\r" + begin + "\x1b[K\r" + begin + " 2m10s\x1b[K\r[2/3] etcd 3.6.5: done in 2m10s\x1b[K\n"},
	} {
		t.Run(name, func(t *testing.T) {
			out, ticks := &buffer{}, make(chan time.Time)
			clock := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			p := newProgress(out)
			p.terminal = tc.terminal
			p.now = func() time.Time { return clock }
			p.ticker = func(time.Duration) (<-chan time.Time, func()) { return ticks, func() {} }
			done := p.step("[2/3] etcd 3.6.5", "building")
			clock = clock.Add(2*time.Minute + 10*time.Second)
			before := len(out.String())
			ticks <- clock
			require.Eventually(t, func() bool { return len(out.String()) > before }, 10*time.Second, time.Millisecond)
			done(tc.err)
			assert.Equal(t, tc.want, out.String())
		})
	}
}

func TestElapsed(t *testing.T) {
	for duration, want := range map[time.Duration]string{
		349 * time.Millisecond: "300ms", 9700 * time.Millisecond: "9.7s", 45400 * time.Millisecond: "45s", 130 * time.Second: "2m10s",
	} {
		assert.Equal(t, want, elapsed(duration))
	}
}
