package reach

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/policy/reach/stacks"
	"platform/tools/engine"
	"platform/tools/reach/live"
)

// Measure checks what a stack's real nodes enforce, and measures it on its
// embedded cluster: see [live.Run]. The report differs from [New]'s in that
// Calico's policies and host endpoints do not count, which nothing there
// enforces, and in that nothing is compared with what is stated. With
// standIns, pods are made for the time being where endpoints have none: Jobs
// that are done, and pods of other stacks. Progress goes to the options' Out.
func Measure(ctx context.Context, opts engine.Options, stack *pack.Stack, standIns bool) (*Report, error) {
	dir, state, err := engine.RealCluster(opts)
	if err != nil {
		return nil, err
	}
	stack = enforced(stack)
	r, err := New(stack, nil, stacks.Options{Hosts: reach.HostsNone})
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", opts.Stack, err)
	}
	r.Platform, r.Findings = "", []string{}
	ends, err := ending(stack)
	if err != nil {
		return nil, err
	}
	r.Measured, err = live.Run(ctx, live.Options{Matrix: r.matrix, Done: ends, Dir: dir, State: state, StandIns: standIns, Out: opts.Out})
	if err != nil {
		return nil, fmt.Errorf("stack %s: measure: %w", opts.Stack, err)
	}
	return r, nil
}

// Live renders a stack as the checkout makes it, and measures it as [Measure]
// does.
func Live(ctx context.Context, opts engine.Options, standIns bool) (*Report, error) {
	if _, _, err := engine.RealCluster(opts); err != nil { // before a rendering of half a minute
		return nil, err
	}
	stack, err := Rendered(ctx, opts)
	if err != nil {
		return nil, err
	}
	return Measure(ctx, opts, stack, standIns)
}

// enforced is a stack without the policies that the embedded cluster's network
// does not enforce.
func enforced(stack *pack.Stack) *pack.Stack {
	return &pack.Stack{Name: stack.Name, Objects: slices.DeleteFunc(slices.Clone(stack.Objects), func(o pack.Object) bool {
		return strings.HasPrefix(o.APIVersion, "projectcalico.org/")
	})}
}

// ending tells of the endpoints of a stack whether their pods end by
// themselves.
func ending(stack *pack.Stack) (func(endpoint string) bool, error) {
	var reader objects.Reader
	for _, o := range stack.Objects {
		if err := reader.Add(o); err != nil {
			return nil, err
		}
	}
	reader.Cluster()
	return func(endpoint string) bool {
		owner, known := reader.Owner(endpoint)
		return known && (owner.Kind == "Job" || owner.Kind == "CronJob")
	}, nil
}

// measured writes what was measured below the matrix.
func (r *Report) measured(out io.Writer) {
	m := r.Measured
	names := map[string][]string{}
	for _, one := range m.Unmeasured {
		names[one.Why] = append(names[one.Why], r.short(one.Endpoint))
	}
	for _, why := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(out, "Not measured, as %s: %s.\n", why, strings.Join(names[why], ", "))
	}
	if len(m.Differences) == 0 {
		fmt.Fprintf(out, "%d connections tried, all as computed.\n", m.Connections)
		return
	}
	for _, one := range m.Differences {
		fmt.Fprintln(out, "not as computed:", one.Text)
	}
	fmt.Fprintf(out, "%d connections tried; %d of %d cells are not as computed.\n", m.Connections, len(m.Differences), m.Cells)
}

// shown is the cell of two endpoints: the open ports, and what was measured
// otherwise.
func (r *Report) shown(from, to string) string {
	text := cell(r.matrix.Open(from, to))
	if r.Measured == nil {
		return text
	}
	for _, one := range r.Measured.Differences {
		if one.From == from && one.To == to {
			text = strings.TrimPrefix(text+"\n✗ "+one.Mark, "\n")
		}
	}
	return text
}

// differs reports whether anything about an endpoint was measured otherwise.
func (r *Report) differs(to string) bool {
	return r.Measured != nil && slices.ContainsFunc(r.Measured.Differences, func(d live.Difference) bool { return d.To == to })
}
