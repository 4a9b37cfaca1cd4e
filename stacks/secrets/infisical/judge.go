package infisical

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"platform/config"
)

// hiddenText is what newer servers put in the place of a value that the
// identity may know of and not read.
const hiddenText = "<hidden-by-infisical>"

// reference is one that the server has left in a value: its target is missing,
// or may not be read.
var reference = regexp.MustCompile(`\$\{[^}]+\}`)

// result checks every value. It is of use only if no error was added.
func (r *reader) result(lists map[string]*list) *Result {
	result := &Result{Values: make(map[string]Value, len(r.wanted))}
	for _, path := range r.paths() {
		values, listed := r.at(path), lists[path]
		if listed == nil {
			listed = &list{}
			for _, value := range required(values) {
				values = without(values, value) // its folder's error has told it
			}
		}
		var missing []config.SecretValue
		for _, value := range values {
			text, found := r.find(listed, value)
			result.Values[value.String()] = newValue(text)
			if !found && !value.Optional {
				missing = append(missing, value)
			}
		}
		r.missing(path, listed, missing)
		result.Undeclared = append(result.Undeclared, undeclared(path, listed, values)...)
	}
	result.Undeclared = unique(result.Undeclared)
	return result
}

func without(values []config.SecretValue, gone config.SecretValue) []config.SecretValue {
	return slices.DeleteFunc(slices.Clone(values), func(value config.SecretValue) bool { return value == gone })
}

// find is the text of one value. What is wrong with it is an error.
func (r *reader) find(l *list, value config.SecretValue) (text string, found bool) {
	texts, from := l.lookup(value.Name)
	if len(texts) == 0 {
		return "", false
	}
	key, at := keyValues+"."+value.String(), place(folder(value.Path), value.Name)
	switch text = texts[0]; {
	case len(texts) > 1:
		r.add(key, "keep one of them", "%s is there %d times, in %s", at, len(texts), strings.Join(from, " and "))
	case text == hiddenText || l.hidden[value.Name]:
		r.add(key, "let the machine identity read values, not only see that they are there", "Infisical hides the value of %s from this machine identity", at)
	case reference.MatchString(text):
		r.add(key, "correct the reference, or let the machine identity read what it names",
			"the value of %s holds a reference that Infisical has not resolved", at)
	default:
		if err := value.Check(text); err != nil {
			r.add(key, "correct the value in Infisical", "the value of %s %v", at, err)
		}
	}
	return text, true
}

// lookup is every text of a name that the folder may mean: its own, or those of
// its imports. Infisical's own programs differ in which import wins.
func (l *list) lookup(name string) (texts, from []string) {
	for _, secret := range l.own {
		if secret.SecretKey == name {
			texts, from = append(texts, secret.SecretValue), append(from, "the folder itself")
		}
	}
	if len(texts) > 0 {
		return texts, from
	}
	for _, imported := range l.imports {
		for _, secret := range imported.Secrets {
			if secret.SecretKey == name {
				texts = append(texts, secret.SecretValue)
				from = append(from, fmt.Sprintf("its import %s of %s", imported.SecretPath, imported.Environment))
			}
		}
	}
	return texts, from
}

// missing tells all values that one folder lacks. Servers answer with an empty
// list where a folder or an environment does not exist or may not be read.
func (r *reader) missing(path string, l *list, values []config.SecretValue) {
	if len(values) == 0 {
		return
	}
	remedy := r.create(path, values)
	if len(l.own) == 0 && len(l.imports) == 0 {
		r.add(r.pathKey(values[0]), remedy+"; if it is there, correct the names' case or let the machine identity read it",
			"folder %q of environment %q came back empty: nothing is in it, or folder or environment do not exist, or the machine identity may not read them; missing: %s",
			path, r.settings.Environment, names(values))
		return
	}
	r.add(r.pathKey(values[0]), remedy+", or let the machine identity read the folders that it imports",
		"folder %q of environment %q lacks %s", path, r.settings.Environment, names(values))
}

// names are NAME (SECRET/KEY), of each value.
func names(values []config.SecretValue) string {
	var list []string
	for _, value := range values {
		list = append(list, fmt.Sprintf("%s (for %s)", value.Name, value))
	}
	return strings.Join(list, ", ")
}

// undeclared is what the folder itself has and nobody wants.
func undeclared(path string, l *list, values []config.SecretValue) []string {
	var list []string
	for _, secret := range l.own {
		if !slices.ContainsFunc(values, func(value config.SecretValue) bool { return value.Name == secret.SecretKey }) {
			list = append(list, place(path, secret.SecretKey))
		}
	}
	return list
}

// unique is a list in order, each once.
func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
