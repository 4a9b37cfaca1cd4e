// Package secret says what a secret is. [Known] are the values of a run: those
// that the engine marks, those of its state and those of the environment, in any
// of the forms in which they may have got into a text. [Look] checks a text whose
// value nobody knows by its looks: by its name, by the form of keys and tokens of
// known services, and by how random its characters are. The policy pack checks
// manifests by it, and whatever is written or printed is scanned by it.
package secret

// Look is why a text of this name is taken for a secret; empty where it is not.
// It never has a part of the text: findings are shown to everybody.
func Look(name, text string) string {
	if what := FormOf(text); what != "" {
		return "looks like " + what
	}
	switch {
	case Named(name, text):
		return "is a secret by its name"
	case assigned(text):
		return "gives a secret a value"
	case HoldsRandom(text):
		return "holds a random text, as passwords and keys are"
	}
	return ""
}
