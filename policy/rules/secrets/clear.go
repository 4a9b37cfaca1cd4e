package secrets

import (
	"platform/policy/pack"
	"platform/policy/secret"
)

// Where most of these rules come from.
const (
	goodPractices = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
	readByAll     = "is marked secret, and everybody who reads the object reads it"
	useASecret    = "keep the value in a Secret from the stack's secret source, and refer to it by secretKeyRef or a volume"
)

// inClear judges one text that everybody may read who may read its object.
func inClear(r *pack.Report, subject any, name string, text pack.Value) {
	if text.Secret() {
		r.Violated(subject, text, readByAll)
		return
	}
	if why := secret.Look(name, text.Text()); why != "" {
		r.Violated(subject, text, "%s", why)
	}
}
