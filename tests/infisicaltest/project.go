package infisicaltest

import (
	"path"
	"slices"
	"strings"
)

// Simple is a world with one project and an identity that may read it all. The
// keys of values are /FOLDER/NAME; further environments and folders can be
// added to what it returns.
func Simple(environment string, values map[string]string) World {
	project := Project{ID: ProjectID, Slug: ProjectSlug, Environments: []string{environment}}
	for at, value := range values {
		project.set(environment, path.Dir(at), path.Base(at), value)
	}
	return World{
		Projects: []Project{project},
		Identities: []Identity{{
			ClientID: ClientID, ClientSecret: ClientSecret,
			Grants: []Grant{{Project: ProjectID, Environments: []string{environment}}},
		}},
	}
}

// set gives a secret a value, in a folder that is made if need be.
func (p *Project) set(environment, at, name, value string) {
	for i := range p.Folders {
		folder := &p.Folders[i]
		if folder.Environment != environment || folder.Path != at {
			continue
		}
		for j := range folder.Secrets {
			if folder.Secrets[j].Key == name {
				folder.Secrets[j].Value = value
				return
			}
		}
		folder.Secrets = append(folder.Secrets, Secret{Key: name, Value: value})
		return
	}
	p.Folders = append(p.Folders, Folder{Environment: environment, Path: at, Secrets: []Secret{{Key: name, Value: value}}})
}

func (w *World) identity(clientID string) *Identity {
	for i := range w.Identities {
		if w.Identities[i].ClientID == clientID {
			return &w.Identities[i]
		}
	}
	return nil
}

// folder is nil where there is none. A folder above a listed one is empty.
func (p *Project) folder(environment, at string) *Folder {
	exists := at == "/" && slices.Contains(p.Environments, environment)
	for i, folder := range p.Folders {
		if folder.Environment != environment {
			continue
		}
		if folder.Path == at {
			return &p.Folders[i]
		}
		exists = exists || strings.HasPrefix(folder.Path, at+"/")
	}
	if !exists {
		return nil
	}
	return &Folder{Environment: environment, Path: at}
}

// grant is nil for an identity that is not in the project.
func (i *Identity) grant(project string) *Grant {
	for at := range i.Grants {
		if i.Grants[at].Project == project {
			return &i.Grants[at]
		}
	}
	return nil
}

// reads reports whether a folder may be read.
func (g *Grant) reads(environment, at string) bool {
	if g == nil || g.NoSecrets || g.Environments != nil && !slices.Contains(g.Environments, environment) {
		return false
	}
	return g.Paths == nil || slices.ContainsFunc(g.Paths, func(path string) bool {
		return at == path || strings.HasPrefix(at, strings.TrimSuffix(path, "/")+"/")
	})
}
