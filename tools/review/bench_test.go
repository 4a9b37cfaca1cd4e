package review_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"platform/tools/review"
	"platform/tools/review/page"
	"platform/tools/review/scan"
)

// many is a log of as many resources, made of the real one: each copy of the
// stack in a namespace of its own. In every third Deployment the image changes,
// in every third Service a port comes, and every third ConfigMap is new.
func many(t testing.TB, resources int) []byte {
	t.Helper()
	var out bytes.Buffer
	lines := strings.Split(strings.TrimSpace(string(events(t, "same"))), "\n")
	made := 0
	for copied := 0; made < resources; copied++ {
		for _, line := range lines {
			var event struct {
				ResourcePreEvent *struct {
					Metadata map[string]any `json:"metadata"`
				} `json:"resourcePreEvent"`
			}
			require.NoError(t, json.Unmarshal([]byte(line), &event))
			if event.ResourcePreEvent == nil || made >= resources {
				continue
			}
			made++
			line = strings.NewReplacer(`"core"`, fmt.Sprintf(`"core%d"`, copied), `"core/`, fmt.Sprintf(`"core%d/`, copied)).Replace(line)
			require.NoError(t, json.Unmarshal([]byte(line), &event))
			step := event.ResourcePreEvent.Metadata
			urn, _ := step["urn"].(string)
			step["urn"] = fmt.Sprintf("%s-%d", urn, copied)
			vary(step, made)
			require.NoError(t, json.NewEncoder(&out).Encode(event))
		}
	}
	fmt.Fprintln(&out, `{"summaryEvent":{"result":"succeeded"}}`)
	return out.Bytes()
}

func vary(step map[string]any, n int) {
	kind, _ := step["type"].(string)
	now, _ := step["new"].(map[string]any)
	inputs, _ := now["inputs"].(map[string]any)
	spec, _ := inputs["spec"].(map[string]any)
	switch {
	case n%3 > 0:
	case strings.HasSuffix(kind, ":Deployment"):
		containers := spec["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)
		containers[0].(map[string]any)["image"] = "docker.io/library/other:1"
		step["op"], step["detailedDiff"] = "update", map[string]any{"spec.template.spec.containers[0].image": map[string]any{"diffKind": "update"}}
	case strings.HasSuffix(kind, ":Service"):
		ports := spec["ports"].([]any)
		spec["ports"] = append(ports, map[string]any{"port": 1.0, "name": "more"})
		step["op"], step["detailedDiff"] = "update", map[string]any{fmt.Sprintf("spec.ports[%d]", len(ports)): map[string]any{"diffKind": "add"}}
	case strings.HasSuffix(kind, ":ConfigMap"):
		step["op"], step["old"] = "create", nil
	}
}

// BenchmarkNew makes the section of 2,000 resources. The budget of that and of
// the page together is 1 s.
func BenchmarkNew(b *testing.B) {
	log := many(b, 2000)
	p := planOf(b, log)
	b.SetBytes(int64(len(log)))
	began := processor(b)
	for b.Loop() {
		p.Events = bytes.NewReader(log)
		s, err := review.New(p)
		require.NoError(b, err)
		require.NotEmpty(b, s.Changes)
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/section")
	b.ReportMetric(float64((processor(b)-began).Milliseconds())/float64(b.N), "cpu-ms/section") // whatever else the machine does
}

// processor is the time that this process has had of the processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// goalReview is the most that a review of 2,000 resources may take, from the
// engine's log to a comment that has been looked through for secrets.
const goalReview = time.Second

// BenchmarkReview is all of it.
func BenchmarkReview(b *testing.B) {
	log := many(b, 2000)
	p := planOf(b, log)
	for b.Loop() {
		p.Events = bytes.NewReader(log)
		s, err := review.New(p)
		require.NoError(b, err)
		text, err := page.Markdown([]review.Section{s}, page.Options{Key: "team/platform platform"})
		require.NoError(b, err)
		require.Empty(b, scan.Find(text, nil))
	}
	each := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(each.Milliseconds()), "ms/review")
	b.ReportMetric(each.Seconds()/goalReview.Seconds(), "of-the-goal")
}
