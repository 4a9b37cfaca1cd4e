//go:build e2e

package e2e

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"platform/tests/infisicaltest"
)

// vault is a double of Infisical with the values of one stack, and what
// a search for them looks for. The values have characters that every text in
// which they could turn up writes differently.
type vault struct {
	*infisicaltest.Server
	environment string            // that has the values
	canaries    map[string]string // SECRET/KEY to value
	all         map[string]string // every value that ever was one
}

func newVault(t *testing.T, environment string) *vault {
	v := &vault{environment: environment, canaries: map[string]string{
		"backend-secrets/DATABASE_PASSWORD":   "c@nary/database+1%:pass word",
		"backend-secrets/OIDC_CLIENT_SECRET":  "c@nary~oidc$2&client=secret",
		"backend-secrets/SECRET_KEY":          `c@nary"signing'3` + strings.Repeat("x", 32),
		"postgres-credentials/admin-password": "c@nary#superuser?4-password",
		"redis-auth/password":                 "c@nary;redis,5!pass-word",
	}, all: map[string]string{}}
	folders := map[string][]infisicaltest.Secret{}
	for name, value := range v.canaries {
		secret, key, _ := strings.Cut(name, "/")
		folders["/"+secret] = append(folders["/"+secret], infisicaltest.Secret{Key: key, Value: value})
		v.all[name] = value
	}
	folders["/redis-auth"] = append(folders["/redis-auth"], infisicaltest.Secret{Key: "passwort", Value: "c@nary-undeclared-6"})
	v.all["redis-auth/passwort"] = "c@nary-undeclared-6"
	project := infisicaltest.Project{ID: infisicaltest.ProjectID, Slug: infisicaltest.ProjectSlug, Environments: []string{environment}}
	for path, secrets := range folders {
		project.Folders = append(project.Folders, infisicaltest.Folder{Environment: environment, Path: path, Secrets: secrets})
	}
	v.Server = infisicaltest.Start(t, infisicaltest.World{
		Generation: infisicaltest.Generation2025, Projects: []infisicaltest.Project{project},
		Identities: []infisicaltest.Identity{{
			ClientID: infisicaltest.ClientID, ClientSecret: infisicaltest.ClientSecret,
			Grants: []infisicaltest.Grant{{Project: infisicaltest.ProjectID}},
		}},
	})
	return v
}

// change gives one value again, on the server.
func (v *vault) change(name, value string) {
	secret, key, _ := strings.Cut(name, "/")
	v.Set(v.environment, "/"+secret, key, value)
	v.canaries[name], v.all[name+" "+value] = value, value
}

// hidden fails for every value that a text shows, however it is written.
func (v *vault) hidden(t *testing.T, where, text string) {
	t.Helper()
	for name, value := range v.all {
		quoted, _ := json.Marshal(value)
		for _, spelt := range []string{
			value, base64.StdEncoding.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value),
			url.UserPassword("u", value).String()[2:], strings.Trim(string(quoted), `"`),
		} {
			if strings.Contains(text, spelt) {
				t.Errorf("%s shows a value of %s", where, strings.Fields(name)[0]) // and this does not
				break
			}
		}
	}
}

// hidesValues searches all that was printed, and all that was written but for
// the cluster's own store.
func hidesValues(t *testing.T, c *checkout, v *vault) {
	v.hidden(t, "output", c.output.String())
	v.hidden(t, "stack export", pulumi(t, c, "stack", "export"))
	v.hidden(t, "stack outputs", pulumi(t, c, "stack", "output", "--json"))
	for _, folder := range []string{"state", "project"} {
		hidesIn(t, v, filepath.Join(c.home(""), folder))
	}
	hidesIn(t, v, filepath.Join(c.dir, "out"))
}

func hidesIn(t *testing.T, v *vault, folder string) {
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		v.hidden(t, path, string(text))
		return err
	}))
}
