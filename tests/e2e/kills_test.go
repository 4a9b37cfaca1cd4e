//go:build e2e && kills

package e2e

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"
)

// The number of interrupted runs, and what chooses them, as make e2e-kills has them.
const (
	runsVariable = "N"
	seedVariable = "SEED"
	fewRuns      = 8
)

// TestKills ends deployments, updates and downs at random moments in every way,
// and looks whether what follows brings the stack to where it was.
func TestKills(t *testing.T) {
	number := numberOf(t, runsVariable, fewRuns)
	seed := numberOf(t, seedVariable, int(time.Now().Unix()))
	t.Logf("%d runs; %s=%d repeats them", number, seedVariable, seed)
	k := &kills{t: t, c: newCheckout(t, "local"), random: rand.New(rand.NewPCG(uint64(seed), 0)), tally: map[string]*tally{}}
	k.prepare()
	for i := range number {
		k.one(i)
	}
	t.Log("\n" + k.table())
}

func numberOf(t *testing.T, variable string, fallback int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(variable), strconv.Itoa(fallback)))
	require.NoError(t, err, variable)
	return n
}

// kills is a stack that is deployed, and what became of the runs so far.
type kills struct {
	t      *testing.T
	c      *checkout
	l      live
	random *rand.Rand
	file   []byte                   // the stack file of before
	took   map[string]time.Duration // how long a run takes that nobody ends, by target
	all    []string                 // what the stack has
	tally  map[string]*tally        // by way
}

// tally counts the runs that were ended in one way.
type tally struct {
	tried, converged, early int // early are those that ended by themselves before
	elapsed                 time.Duration
}

// prepare deploys the stack, and finds out how long each run takes.
func (k *kills) prepare() {
	var err error
	k.file, err = os.ReadFile(k.c.stackFile("local"))
	require.NoError(k.t, err)
	k.took = map[string]time.Duration{}
	timed := func(what string, target string) {
		begun := time.Now()
		k.c.make(target)
		k.took[what] = time.Since(begun)
	}
	k.c.make("up")
	k.l = connect(k.t, strings.TrimSpace(k.c.make("kubeconfig")), localNamespace)
	k.all = k.l.inventory()
	timed("down", "down")
	timed("up", "up")
	k.edit()
	timed("update", "up")
}

// edit changes what replaces a Job, rolls pods and changes an object in place.
func (k *kills) edit() {
	k.c.edit("local", "platform:backend.image", fmt.Sprintf("ghcr.io/epfl-enac/epfl/co2-calculator/backend:v3.%d.%d", k.random.IntN(1000), k.random.IntN(1000)))
	k.c.edit("local", "platform:frontend.replicas", 2+k.random.IntN(3))
	k.c.edit("local", "platform:backend.logLevel", []string{"INFO", "WARNING", "ERROR"}[k.random.IntN(3)])
}

// one ends one run.
func (k *kills) one(i int) {
	what := []string{"up", "update", "update", "down"}[k.random.IntN(4)]
	w := ways[i%len(ways)]
	part, back := k.random.Float64(), k.random.IntN(2) == 0
	count := k.tally[w.name]
	if count == nil {
		count = &tally{}
		k.tally[w.name] = count
	}
	count.tried++
	begun := time.Now()
	k.t.Run(fmt.Sprintf("%03d %s", i, what), func(t *testing.T) {
		early, err := k.converges(t, what, w, part, back)
		if early {
			count.early++
		}
		outcome := "converged"
		if err == nil {
			count.converged++
		} else {
			outcome = "did not converge"
			t.Errorf("%s at %.0f %% of %s: %v", w.name, 100*part, k.took[what], err)
			k.begin(t)
		}
		t.Logf("%s at %.0f %%: %s after %s", w.name, 100*part, outcome, time.Since(begun).Round(time.Second))
	})
	count.elapsed += time.Since(begun)
}

// converges ends a run at a part of the time that it would take.
func (k *kills) converges(t *testing.T, what string, w way, part float64, back bool) (early bool, err error) {
	target := "up"
	switch what {
	case "up":
		if out, err := k.c.try("down"); err != nil {
			return false, fmt.Errorf("down before: %w\n%s", err, out)
		}
	case "update":
		k.edit()
	case "down":
		target = what
	}
	before := k.l.belongings()
	r := begin(t, k.c, w.out, target)
	select {
	case <-r.done:
	case <-time.After(time.Duration(part * float64(k.took[what]))):
	}
	early = r.ended()
	ended := r.interrupt(w)
	problem := func(err error, more string) error {
		return fmt.Errorf("%w\n%s\n--- the run said\n%s", err, more, tailOf(r.output()))
	}
	if ended != nil {
		return early, problem(ended, "")
	}
	if w.killed {
		if out, err := k.c.try("recover"); err != nil {
			return early, problem(fmt.Errorf("recover: %w", err), out)
		}
	}
	if pending, err := k.c.pendingOperations(); err != nil || len(pending) > 0 {
		return early, problem(errors.Join(err, fmt.Errorf("pending: %q", pending)), "")
	}
	if what == "up" {
		before = k.l.belongings()
	}
	if back && what == "update" {
		k.c.restore("local", k.file)
	}
	if out, err := k.c.try("up"); err != nil {
		return early, problem(fmt.Errorf("up after it: %w", err), out)
	}
	if out, err := k.c.try("preview", "ARGS=--expect-no-changes"); err != nil {
		return early, problem(fmt.Errorf("preview after it: %w", err), out)
	}
	if left, err := k.c.unfinishedReplacements(); err != nil || len(left) > 0 {
		return early, problem(errors.Join(err, fmt.Errorf("replaced, and still in the state: %q", left)), "")
	}
	if all := k.l.inventory(); !slices.Equal(all, k.all) {
		return early, problem(fmt.Errorf("the stack has\n%q\nin the place of\n%q", all, k.all), "")
	}
	if err := before.kept(k.l.belongings()); err != nil {
		return early, problem(err, "")
	}
	return early, nil
}

// begin makes the stack again after a run that did not converge.
func (k *kills) begin(t *testing.T) {
	k.c.restore("local", k.file)
	out, err := k.c.try("cluster-down")
	require.NoError(t, err, out)
	out, err = k.c.try("up")
	require.NoError(t, err, out)
	k.l = connect(k.t, strings.TrimSpace(k.c.make("kubeconfig")), localNamespace)
}

// tailOf is the end of a text.
func tailOf(text string) string { return text[max(0, len(text)-6000):] }

// table is what became of the runs, a line for each way.
func (k *kills) table() string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "way\ttried\tconverged\tended before\ttime of all")
	for _, one := range ways {
		if c := k.tally[one.name]; c != nil {
			fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\n", one.name, c.tried, c.converged, c.early, c.elapsed.Round(time.Second))
		}
	}
	_ = w.Flush() // it writes to a string
	return out.String()
}
