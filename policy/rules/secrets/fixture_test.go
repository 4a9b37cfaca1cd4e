package secrets

import "platform/policy/packtest"

// The fixtures of packtest, by names that keep tables narrow.
var (
	documents = packtest.Join
	object    = packtest.InCore
	pod       = packtest.Deployment
	container = packtest.Container
)

// at is a path within that container.
const at = packtest.InContainer

// operatedBy is an InfisicalStaticSecret.
func operatedBy(name, spec string) string {
	return object("secrets.infisical.com/v1beta1", operatorKind, name, "spec: {"+spec+"}")
}
