package infisicaltest

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// retrieve is one secret. Of several imports that have it, the last wins: in
// lists it is the first.
func (s *Server) retrieve(identity *Identity, name string, r *http.Request) reply {
	a, refused := s.read(identity, r.URL.Query())
	if refused != nil {
		return *refused
	}
	if !a.grant.reads(a.environment, a.path) {
		return s.denied()
	}
	folder := a.project.folder(a.environment, a.path)
	if folder == nil {
		return s.refuse(http.StatusNotFound, "GetSecretByName",
			fmt.Sprintf("Folder with path '%s' in environment with slug '%s' not found", a.path, a.environment))
	}
	found, in := folder.named(name), alone
	if found == nil && a.imports {
		in = aloneImported
		for _, from := range folder.Imports {
			if source := a.project.folder(from.Environment, from.Path); source != nil && a.grant.reads(from.Environment, from.Path) {
				if secret := source.named(name); secret != nil {
					found = secret
				}
			}
		}
	}
	if found == nil {
		return s.refuse(http.StatusNotFound, "NotFound", fmt.Sprintf("Secret with name '%s' not found", name))
	}
	value, denied := s.value(a, *found, true)
	if denied != nil {
		return *denied
	}
	return reply{status: http.StatusOK, body: map[string]any{"secret": s.show(a, *found, value, in)}}
}

func (f Folder) named(name string) *placed {
	for _, secret := range f.placed() {
		if secret.Key == name {
			return &secret
		}
	}
	return nil
}

var reference = regexp.MustCompile(`\$\{([^}]+)\}`)

// value resolves references where that is asked for: ${NAME} of the same
// folder, or ${ENVIRONMENT.FOLDER.FOLDER.NAME}. One that leads nowhere stays.
// One that leads where the identity may not read stays in lists of
// Generation2024 and fails everything else.
func (s *Server) value(a ask, secret placed, single bool) (string, *reply) {
	if !a.expand {
		return secret.Value, nil
	}
	var refused *reply
	text := reference.ReplaceAllStringFunc(secret.Value, func(match string) string {
		environment, path, name := secret.target(reference.FindStringSubmatch(match)[1])
		folder := a.project.folder(environment, path)
		if folder == nil {
			return match
		}
		target := folder.named(name)
		switch {
		case target == nil:
			return match
		case a.grant.reads(environment, path):
			return target.Value
		case single || s.world.Generation == Generation2025:
			r := s.unreadable(environment, path, name, single)
			refused = &r
		}
		return match
	})
	return text, refused
}

// target is what a reference names.
func (p placed) target(inner string) (environment, path, name string) {
	parts := strings.Split(inner, ".")
	if len(parts) == 1 {
		return p.environment, p.path, inner
	}
	return parts[0], "/" + strings.Join(parts[1:len(parts)-1], "/"), parts[len(parts)-1]
}

func (s *Server) unreadable(environment, path, name string, single bool) reply {
	text := fmt.Sprintf("You are attempting to reference secret named %s from environment %s in path %s which you do not have access to.",
		name, environment, path)
	if single {
		return s.refuse(http.StatusForbidden, "ForbiddenError", text)
	}
	return s.detailed(s.refuse(http.StatusForbidden, "ForbiddenError", "Failed to expand one or more secret references"), []string{text})
}
