//go:build e2e && nodes

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/tests/leftovers"
)

// patience is what a deployment waits for. The program's own bounds are for
// slow networks and large databases; here everything is there, and a pod that
// does not get ready within these does not get ready at all.
var patience = map[string][]slip{
	"components/workload/workload.go": {{`rolloutTimeout = "10m"`, `rolloutTimeout = "35s"`}},
	"components/postgres/server.go":   {{`startTimeout = "30m"`, `startTimeout = "45s"`}},
	"components/workload/job.go":      {{`fmt.Sprintf("%ds", args.TimeoutSeconds+60)`, `"45s"`}},
	"components/edge/ingress.go":      {{`Create: "5m", Update: "5m"`, `Create: "15s", Update: "15s"`}},
}

// reserve is left to check one mistake and to end the clusters: a test that
// runs out of time leaves them behind.
const reserve = 5 * time.Minute

// TestRealMistakes seeds [mistakes] one at a time, and asks of each whether it
// is found before real nodes and on them.
//
// The same checkout is deployed to two clusters, by the engine and the program
// themselves: rendered manifests would have other names, no values of secrets
// and no order, and many mistakes are in just these.
//
// Before real nodes, found is what make up on simulated nodes refuses or does
// not bring to its end, the policy pack included. On real nodes the pack only
// advises, so that they have to find what they find by themselves: a deployment
// that does not get ready, or else something that a user would notice.
func TestRealMistakes(t *testing.T) {
	needRealNodes(t)
	before, err := leftovers.Look()
	require.NoError(t, err)
	t.Setenv("GOFLAGS", strings.TrimSpace(os.Getenv("GOFLAGS")+" -ldflags=-s")) // a program without symbols is linked in a fifth of the time
	s := newSeeded(t)
	require.NoError(t, s.problem(time.Now()), "as it is, nothing is wrong")
	for _, m := range mistakes {
		if end, bounded := t.Deadline(); bounded && time.Until(end) < reserve {
			t.Errorf("no time is left for %q and what follows", m.name)
			break
		}
		t.Run(m.name, func(t *testing.T) { s.in(t).try(m) })
	}
	t.Log("\n" + s.table())
	t.Run("clusters leave this machine as it was", func(t *testing.T) {
		s.in(t)
		s.real.make("cluster-down")
		s.simulated.make("cluster-down")
		leavesMachine(t, before)
	})
}

// seeded is a checkout that mistakes are made in, with a stack on either kind
// of nodes.
type seeded struct {
	t               *testing.T
	real            *real
	simulated       *checkout
	advisory        string            // file that has the policy pack only advise
	linked          map[string][]byte // the program without a mistake, as it was built
	verdicts        *[]verdict
	restartedBefore map[string]int32
}

// verdict is what found a mistake; empty where nothing did.
type verdict struct {
	mistake
	simulated, real string
	took            time.Duration
}

func newSeeded(t *testing.T) *seeded {
	t.Helper()
	onReal := newCheckoutOn(t, "local", "real")
	simulated := onReal.beside("simulated")
	s := &seeded{t: t, simulated: simulated, advisory: filepath.Join(t.TempDir(), "advisory.json"), linked: map[string][]byte{}, verdicts: &[]verdict{}}
	require.NoError(t, os.WriteFile(s.advisory, []byte(`{"all": "advisory"}`), 0o600))
	onReal.make("up")
	s.real = onReal.open(t, localNamespace)
	s.real.works(t)
	s.real.watchMetrics(t)
	for file, slips := range patience {
		onReal.slip(t, file, slips)
	}
	simulated.make("up") // which builds the program
	for _, name := range []string{"bin/platform", "bin/platform.sources"} {
		text, err := os.ReadFile(filepath.Join(onReal.dir, name))
		require.NoError(t, err)
		s.linked[name] = text
	}
	return s
}

// in is the same for another test.
func (s *seeded) in(t *testing.T) *seeded {
	one := *s
	one.t, one.real.t, one.real.live.t, one.simulated.t = t, t, t, t
	return &one
}

// beside is the same files with a cluster and a state of its own.
func (c *checkout) beside(nodes string) *checkout {
	one := &checkout{t: c.t, dir: c.dir, stacks: c.t.TempDir(), stack: c.stack, nodes: nodes}
	c.t.Cleanup(func() {
		out, err := one.try("clean")
		if err != nil {
			c.t.Errorf("make clean: %v\n%s", err, out)
		}
	})
	return one
}

// slip puts texts of a file in the place of others, and returns what undoes it.
func (c *checkout) slip(t *testing.T, file string, slips []slip) (undo func()) {
	t.Helper()
	path := filepath.Join(c.dir, file)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	after, err := replaced(file, string(before), slips)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(after), 0o644))
	return func() { require.NoError(t, os.WriteFile(path, before, 0o644)) }
}

// try makes a mistake, checks it on either kind of nodes, and mends it.
func (s *seeded) try(m mistake) {
	begun := time.Now()
	undo := s.real.slip(s.t, m.file, m.slips)
	v := verdict{mistake: m, simulated: s.onSimulated(m), real: s.onReal(m)}
	undo()
	s.mend()
	v.took = time.Since(begun).Round(time.Second)
	*s.verdicts = append(*s.verdicts, v)
	s.t.Logf("%s: simulated: %s; real: %s", v.took, orNothing(v.simulated), orNothing(v.real))
	if m.unnoticed == "" {
		assert.NotEmpty(s.t, v.real, "a user would notice, and real nodes do not find it")
	}
}

// onSimulated checks as one does before real nodes. What is deployed is mended
// by the next deployment, that of the next mistake.
func (s *seeded) onSimulated(m mistake) string {
	if m.fresh {
		s.simulated.make("down")
	}
	out, err := s.simulated.try("up")
	s.compiles(out)
	if err == nil {
		return ""
	}
	return refusal(out)
}

func (s *seeded) onReal(m mistake) string {
	if m.fresh {
		s.real.make("down")
	}
	begun := time.Now()
	s.restartedBefore = s.real.restarts()
	out, err := s.real.try("up", "ARGS=--policy-pack-config "+s.advisory)
	s.compiles(out)
	if err != nil {
		if why := s.real.notReady(); why != "" {
			return "deployment: " + why
		}
		return refusal(out)
	}
	if err := s.problem(begun); err != nil {
		return fmt.Sprintf("%.160s", err)
	}
	return ""
}

// compiles fails for a mistake that the compiler finds: it is none of these.
func (s *seeded) compiles(out string) {
	s.t.Helper()
	require.NotContains(s.t, out, "does not compile")
}

// mend deploys the program without a mistake, which is built already. What an
// unfinished rollout has left is repaired as its users do: with the command
// once more, or else from nothing.
func (s *seeded) mend() {
	s.t.Helper()
	for name, text := range s.linked {
		require.NoError(s.t, os.WriteFile(filepath.Join(s.real.dir, name), text, 0o755))
	}
	done := s.real.replacesStuck(s.t)
	out, err := s.real.try("up")
	if err != nil {
		s.t.Logf("a second deployment is needed: %s", refusal(out))
		out, err = s.real.try("up")
	}
	done()
	if err != nil {
		s.t.Logf("a deployment from nothing is needed: %s", refusal(out))
		s.real.make("down")
		s.real.make("up")
	}
	s.real.works(s.t)
}

// programFault is what the engine or the command says is wrong: a line, or the
// first of a list below it.
var programError = regexp.MustCompile(`(?m)^ *error: (?:.*error occurred:\n\s*\* )?(.+)$`)

// refusal is what a deployment that was refused says: the rules that it breaks, or
// else the first error.
func refusal(out string) string {
	var rules []string
	for _, f := range findingsIn(out) {
		if f.level == "mandatory" && !slices.Contains(rules, f.rule) {
			rules = append(rules, f.rule)
		}
	}
	if len(rules) > 0 {
		return "policy: " + strings.Join(rules, ", ")
	}
	if found := programError.FindStringSubmatch(out); found != nil {
		return fmt.Sprintf("deployment: %.300s", found[1])
	}
	return fmt.Sprintf("deployment: %.160s", out[max(0, len(out)-160):])
}

func orNothing(text string) string {
	if text == "" {
		return "not found"
	}
	return text
}

// table is all verdicts, and how many each kind of nodes found.
func (s *seeded) table() string {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"mistake", "simulated", "real", "took"})
	var before, on, noticed, found int
	for _, v := range *s.verdicts {
		t.AppendRow(table.Row{v.name, orNothing(v.simulated), orNothing(v.real), v.took})
		if v.simulated != "" {
			before++
		}
		if v.real != "" {
			on++
		}
		if v.unnoticed == "" {
			noticed++
			if v.real != "" {
				found++
			}
		}
	}
	t.AppendFooter(table.Row{
		fmt.Sprintf("%d mistakes, %d of which a user notices", len(*s.verdicts), noticed),
		fmt.Sprintf("%d found", before), fmt.Sprintf("%d found, %d of those that a user notices", on, found), "",
	})
	return t.RenderMarkdown()
}
