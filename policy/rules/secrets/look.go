package secrets

import "platform/policy/pack"

// Where most of these rules come from.
const (
	goodPractices = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
	readByAll     = "is marked secret, and everybody who reads the object reads it"
	useASecret    = "keep the value in a Secret from the stack's secret source, and refer to it by secretKeyRef or a volume"
)

// look is why a text of this name is taken for a secret; empty where it is not.
// It never has a part of the text: findings are shown to everybody.
func look(name, text string) string {
	if what := formOf(text); what != "" {
		return "looks like " + what
	}
	switch {
	case namedSecret(name, text):
		return "is a secret by its name"
	case assigned(text):
		return "gives a secret a value"
	case holdsRandom(text):
		return "holds a random text, as passwords and keys are"
	}
	return ""
}

// inClear judges one text that everybody may read who may read its object.
func inClear(r *pack.Report, subject any, name string, text pack.Value) {
	if text.Secret() {
		r.Violated(subject, text, readByAll)
		return
	}
	if why := look(name, text.Text()); why != "" {
		r.Violated(subject, text, "%s", why)
	}
}
