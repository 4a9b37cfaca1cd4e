package infisical

import (
	"fmt"
	"net/http"
	"strings"

	"platform/config"
)

// refused tells why one folder was not listed. A folder that is not there, or
// may not be read, is no error if everything in it may be missing.
func (r *reader) refused(path string, f *failure, c credentials) {
	values := r.at(path)
	key, said := r.pathKey(values[0]), f.said(c)
	missing := f.status == http.StatusNotFound && strings.HasPrefix(f.message, "Folder")
	switch {
	case missing && optional(values):
	case missing:
		r.add(key, r.create(path, required(values)), "there is no folder %q in environment %q%s", path, r.settings.Environment, said)
	case f.status == http.StatusNotFound:
		r.add(keyEnvironment, "write the environment's slug, whose case matters", "environment %q is unknown to the project%s", r.settings.Environment, said)
	case f.status == http.StatusForbidden && f.code == "ForbiddenError":
		r.add(key, "let the machine identity read what the values refer to, or remove the references",
			"a value in folder %q refers to a secret that the machine identity may not read%s", path, details(f, c))
	case f.status == http.StatusForbidden:
		r.add(keyEnvironment, "let the machine identity read the secrets of this environment and folder; an environment that does not exist is refused in the same way",
			"the machine identity may not read folder %q of environment %q%s", path, r.settings.Environment, said)
	case f.status == http.StatusBadRequest:
		r.add(key, "correct the folder, the project or the environment", "the server refuses folder %q: status %d%s", path, f.status, said)
	default:
		r.problems = append(r.problems, r.problem(f, c))
	}
}

// details are texts of the server about names.
func details(f *failure, c credentials) string {
	if text := clean(strings.Join(f.details, " "), c); text != "" {
		return fmt.Sprintf(" (%q)", text)
	}
	return f.said(c)
}

// create is the remedy for values that are not there.
func (r *reader) create(path string, values []config.SecretValue) string {
	var names []string
	for _, value := range values {
		names = append(names, place(path, value.Name))
	}
	return fmt.Sprintf("create %s in environment %s; make secrets-template STACK=%s writes a file of all that is needed",
		strings.Join(unique(names), ", "), r.settings.Environment, r.stack)
}

// place is PATH/NAME.
func place(path, name string) string { return strings.TrimSuffix(path, "/") + "/" + name }

func optional(values []config.SecretValue) bool { return len(required(values)) == 0 }

func required(values []config.SecretValue) []config.SecretValue {
	var list []config.SecretValue
	for _, value := range values {
		if !value.Optional {
			list = append(list, value)
		}
	}
	return list
}
