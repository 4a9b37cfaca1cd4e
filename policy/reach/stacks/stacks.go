// Package stacks tells who can reach whom in a whole stack, and what changes of
// it between two versions of the stack.
package stacks

import (
	"reflect"

	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/expectations"
	"platform/policy/reach/objects"
)

// Checked is one version of a stack, and another that it is compared with.
type Checked struct {
	Platform  expectations.Platform // whose pods the stack has
	Stated    bool                  // false where it has none's
	Evaluator *reach.Evaluator
	cluster   *reach.Cluster
	base      *reach.Cluster // nil where there is none
}

// Options tell how a stack is checked.
type Options struct {
	Hosts      reach.HostEndpoints // empty means as the platform states
	Parameters map[string]any      // what the stack's configuration says of its network, see [expectations.Parameters]
}

// Check reads a stack, and its base, which may be nil. A stack without pods of
// any platform is taken to have the surroundings of its base. It panics over a
// value that is not known or of a wrong type; [objects.Safely] makes an error of
// that.
func Check(stack, base *pack.Stack, opts Options) (*Checked, error) {
	cluster, err := objects.Cluster(stack)
	if err != nil {
		return nil, err
	}
	j := &Checked{cluster: cluster}
	if base != nil {
		if j.base, err = objects.Cluster(base); err != nil {
			return nil, err
		}
	}
	if j.Platform, j.Stated = expectations.For(cluster); !j.Stated && base != nil {
		j.Platform, _ = expectations.For(j.base)
	}
	if j.Platform, err = j.Platform.Configured(opts.Parameters); err != nil {
		return nil, err
	}
	if opts.Hosts != "" {
		j.Platform.Around.Hosts = opts.Hosts
	}
	j.Evaluator, err = reach.NewEvaluator(cluster, j.Platform.Around)
	return j, err
}

// Changes are who reaches whom newly since the base, and who no longer; none
// without a base.
func (j *Checked) Changes() ([]reach.Change, error) {
	if j.base == nil || reflect.DeepEqual(j.base, j.cluster) { // most changes are of images and settings
		return nil, nil
	}
	before, err := reach.NewEvaluator(j.base, j.Platform.Around)
	if err != nil {
		return nil, err
	}
	return reach.Compare(before, j.Evaluator), nil
}

// Texts are reasons in words, each once.
func Texts(reasons []reach.Reason) []string {
	var all []string
	seen := map[string]bool{}
	for _, one := range reasons {
		if text := one.String(); !seen[text] {
			seen[text], all = true, append(all, text)
		}
	}
	return all
}
