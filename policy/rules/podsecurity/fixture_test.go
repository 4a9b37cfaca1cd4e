package podsecurity

import "platform/policy/packtest"

// The fixtures of packtest, by names that keep tables narrow.
const (
	subject     = "Deployment/api"
	inPod       = packtest.InPod
	inContainer = packtest.InContainer
)

var deployment, container = packtest.Deployment, packtest.Container

// secured is a pod with one container of this security context.
func secured(content string) string { return container("securityContext: {" + content + "}") }

// table is the cases that a setting of one object has: each value of it with
// the paths that are wrong in it, and those that cannot be judged.
func table(build func(string) string, rows map[string][2][]string) map[string]packtest.Case {
	cases := map[string]packtest.Case{}
	for content, want := range rows {
		cases[content] = packtest.Case{Objects: build(content), Want: want[0], Undecided: want[1]}
	}
	return cases
}

func wrong(paths ...string) [2][]string     { return [2][]string{paths, nil} }
func undecided(paths ...string) [2][]string { return [2][]string{nil, paths} }
