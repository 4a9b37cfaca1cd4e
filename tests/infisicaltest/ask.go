package infisicaltest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

var pathForm = regexp.MustCompile(`^[A-Za-z0-9_/-]*$`)

// ask is a request for secrets, read and allowed so far.
type ask struct {
	project     *Project
	grant       *Grant
	environment string
	path        string
	expand      bool
	imports     bool
	recursive   bool
	masked      bool
}

// read understands the query of a list or a retrieval.
func (s *Server) read(identity *Identity, query url.Values) (ask, *reply) {
	fail := func(r reply) (ask, *reply) { return ask{}, &r }
	for _, name := range []string{"expandSecretReferences", "include_imports", "recursive", "viewSecretValue"} {
		if value := query.Get(name); value != "" && value != "true" && value != "false" {
			return fail(s.invalid(map[string]any{
				"code": "invalid_enum_value", "options": []string{"true", "false"}, "path": []string{name}, "received": value,
				"message": fmt.Sprintf("Invalid enum value. Expected 'true' | 'false', received '%s'", value),
			}))
		}
	}
	id, slug := cmp.Or(query.Get("workspaceId"), query.Get("projectId")), query.Get("workspaceSlug")
	a := ask{
		environment: strings.TrimSpace(query.Get("environment")), path: strings.TrimSpace(query.Get("secretPath")),
		expand: query.Get("expandSecretReferences") == "true", imports: query.Get("include_imports") == "true",
		recursive: query.Get("recursive") == "true", masked: query.Get("viewSecretValue") == "false" && s.world.Generation == Generation2025,
	}
	if id == "" && slug == "" || a.environment == "" {
		return fail(s.refuse(http.StatusBadRequest, "BadRequest", "Missing workspace id or environment"))
	}
	for i := range s.world.Projects {
		if id == "" && s.world.Projects[i].Slug == slug || s.world.Projects[i].ID == id {
			a.project = &s.world.Projects[i]
		}
	}
	switch {
	case a.project == nil && id == "" && s.world.Generation == Generation2024:
		return fail(s.refuse(http.StatusInternalServerError, "Failed to find project by slug", "Something went wrong"))
	case a.project == nil:
		return fail(s.refuse(http.StatusNotFound, "NotFound",
			fmt.Sprintf("Project with ID '%s' not found during bot lookup. Are you sure you are using the correct project ID?", id)))
	}
	if a.grant = identity.grant(a.project.ID); a.grant == nil {
		return fail(s.refuse(http.StatusForbidden,
			fmt.Sprintf("Identity is not a member of the specified project with ID '%s'", a.project.ID), "You are not allowed to access this resource"))
	}
	if !pathForm.MatchString(a.path) {
		if s.world.Generation == Generation2024 {
			return fail(s.refuse(http.StatusInternalServerError, "InternalServerError", "Something went wrong"))
		}
		return fail(s.refuse(http.StatusBadRequest, "BadRequest",
			"Invalid secret path. Only alphanumeric characters, dashes, and underscores are allowed."))
	}
	if a.path != "/" {
		a.path = strings.TrimSuffix(a.path, "/")
	}
	a.path = cmp.Or(a.path, "/")
	return a, nil
}
