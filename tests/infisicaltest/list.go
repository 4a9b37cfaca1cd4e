package infisicaltest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// list is every secret of a folder.
func (s *Server) list(identity *Identity, r *http.Request) reply {
	a, refused := s.read(identity, r.URL.Query())
	if refused != nil {
		return *refused
	}
	if s.world.Generation == Generation2025 {
		return s.list2025(a)
	}
	return s.list2024(a)
}

func (s *Server) list2024(a ask) reply {
	folder := a.project.folder(a.environment, a.path)
	switch {
	case a.recursive && !slices.Contains(a.project.Environments, a.environment):
		return s.noEnvironment(a)
	case a.recursive && (folder == nil || !a.grant.reads(a.environment, a.path)):
		return reply{status: http.StatusOK, body: map[string]any{"secrets": []any{}}}
	case !a.grant.reads(a.environment, a.path):
		return s.denied()
	case folder == nil:
		return reply{status: http.StatusOK, body: map[string]any{"secrets": []any{}, "imports": []any{}}}
	}
	return s.listed(a, a.imports)
}

func (s *Server) list2025(a ask) reply {
	switch {
	case a.grant.NoSecrets:
		return s.denied()
	case a.recursive && !slices.Contains(a.project.Environments, a.environment):
		return s.noEnvironment(a)
	case a.project.folder(a.environment, a.path) == nil:
		return s.refuse(http.StatusNotFound, "SecretPathNotFound", fmt.Sprintf(
			"Folder with path '%s' in environment '%s' was not found. Please ensure the environment slug and secret path is correct.", a.path, a.environment))
	case !a.grant.reads(a.environment, a.path):
		return reply{status: http.StatusOK, body: map[string]any{"secrets": []any{}, "imports": []any{}}}
	}
	return s.listed(a, true)
}

func (s *Server) noEnvironment(a ask) reply {
	return s.refuse(http.StatusNotFound, "NotFound",
		fmt.Sprintf("Environment with slug '%s' in project with ID %s not found", a.environment, a.project.ID))
}

// listed is the answer with secrets, and with imports where they are shown.
func (s *Server) listed(a ask, showImports bool) reply {
	folders := []Folder{*a.project.folder(a.environment, a.path)}
	if a.recursive {
		for _, folder := range a.project.Folders {
			if folder.Environment == a.environment && strings.HasPrefix(folder.Path, strings.TrimSuffix(a.path, "/")+"/") &&
				a.grant.reads(folder.Environment, folder.Path) && folder.Path != a.path {
				folders = append(folders, folder)
			}
		}
	}
	own, imports := []placed{}, []any{}
	for _, folder := range folders {
		own = append(own, folder.placed()...)
		if a.imports {
			imports = append(imports, s.imported(a, folder)...)
		}
	}
	byID(own)
	secrets := []any{}
	for _, secret := range own {
		value, refused := s.value(a, secret, false)
		if refused != nil {
			return *refused
		}
		secrets = append(secrets, s.show(a, secret, value, inList))
	}
	body := map[string]any{"secrets": secrets}
	if showImports {
		body["imports"] = imports
	}
	return reply{status: http.StatusOK, body: body}
}

// imported leaves out what may not be read, without a word.
func (s *Server) imported(a ask, folder Folder) []any {
	var blocks []any
	for _, from := range folder.Imports {
		source := a.project.folder(from.Environment, from.Path)
		if source == nil || !a.grant.reads(from.Environment, from.Path) {
			continue
		}
		all, secrets := source.placed(), []any{}
		byID(all)
		for _, secret := range all {
			value, _ := s.value(a, secret, false)
			secrets = append(secrets, s.show(a, secret, value, inImport))
		}
		blocks = append(blocks, map[string]any{
			"environment": from.Environment, "secretPath": from.Path, "folderId": idOf("folder", from.Environment, from.Path), "secrets": secrets,
		})
	}
	return blocks
}
