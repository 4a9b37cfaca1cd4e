// Package secretlike judges by its looks whether a text is a secret: by its
// name, by the form of keys and tokens of known services, and by how random its
// characters are. The policy pack judges manifests by it, and the review of a
// change the comment that it is about to post.
package secretlike

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
