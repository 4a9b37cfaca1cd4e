package probes

import "platform/policy/packtest"

// The fixtures of packtest, by names that keep tables narrow.
var deployment, container = packtest.Deployment, packtest.Container

// inContainer is where findings about a case's container are, and inPod where
// those about its pod are that the container is the reason of.
const (
	inContainer = packtest.InContainer
	inPod       = "Deployment/api container a: spec.template.spec."
)

// wrong is the case of a container that breaks the rule there, and right of
// one that does not.
func wrong(content string, at ...string) packtest.Case {
	return packtest.Case{Objects: container(content), Want: at}
}

func right(content string) packtest.Case { return packtest.Case{Objects: container(content)} }
