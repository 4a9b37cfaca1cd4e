package page

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tools/review"
)

func TestReachOfANewService(t *testing.T) {
	s := plan("k3s")
	for i := range 4 {
		other := fmt.Sprintf("core/s%d", i)
		s.Reach = append(
			s.Reach,
			review.Reach{From: other, To: "core/blog", Gained: "TCP 8080", Because: []string{"no policy restricts what leaves " + other, "NetworkPolicy core-isolation"}},
			review.Reach{From: "core/blog", To: other, Gained: "TCP 80", Because: []string{"NetworkPolicy core-isolation"}},
		)
	}
	s.Reach = append(
		s.Reach,
		review.Reach{From: "nodes", To: "core/blog", Gained: "TCP 9090", Because: []string{"no policy restricts what leaves nodes"}},
		review.Reach{From: "core/blog", To: "core/s0", Lost: "TCP 1"},
	)
	text, err := Markdown([]review.Section{s}, options)
	require.NoError(t, err)
	for _, row := range []string{
		"| `k3s` | `core/s0`, `core/s1`, `core/s2`, `core/s3` | `core/blog` | `TCP 8080` |  |  | `no policy restricts what leaves it`, `NetworkPolicy core-isolation` |",
		"| `k3s` | `core/blog` | `core/s0`, `core/s1`, `core/s2`, `core/s3` | `TCP 80` |  |  | `NetworkPolicy core-isolation` |",
		"| `k3s` | `nodes` | `core/blog` | `TCP 9090` |  |  | `no policy restricts what leaves nodes` |",
		"| `k3s` | `core/blog` | `core/s0` |  | `TCP 1` |  |  |",
	} {
		assert.Contains(t, text, row+"\n")
	}
	assert.Len(t, alikeReach(s.Reach), 4)
}
