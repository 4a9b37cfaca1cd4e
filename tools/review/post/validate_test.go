package post

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestValidate(t *testing.T) {
	for name, tc := range map[string]struct {
		mutate func(*Options)
		body   string
		want   string
	}{
		"no repository":    {func(o *Options) { o.Repository = "" }, "", `repository: "" is not owner/name`},
		"one part":         {func(o *Options) { o.Repository = "cloud" }, "", `repository: "cloud" is not owner/name`},
		"three parts":      {func(o *Options) { o.Repository = "a/b/c" }, "", `repository: "a/b/c" is not owner/name`},
		"path":             {func(o *Options) { o.Repository = "a/.." }, "", `repository: "a/.." is not owner/name`},
		"query":            {func(o *Options) { o.Repository = "a/b?x" }, "", `repository: "a/b?x" is not owner/name`},
		"no pull":          {func(o *Options) { o.Pull = 0 }, "", "pull: 0 is not the number of a pull request"},
		"no token":         {func(o *Options) { o.Token = " \n" }, "", "token: there is none; put it into the environment variable GITHUB_TOKEN"},
		"token of two":     {func(o *Options) { o.Token = canary + "\n" + canary }, "", "token: has characters that no token has"},
		"no https":         {func(o *Options) { o.API = "http://github.example/api/v3" }, "", "api: is not an address such as https://HOST/api/v3"},
		"no address":       {func(o *Options) { o.API = "github.example" }, "", "api: is not an address"},
		"password":         {func(o *Options) { o.API = "https://me:" + canary + "@github.example" }, "", "api: is not an address"},
		"no URL":           {func(o *Options) { o.API = "https://[" + canary }, "", "api: is not an address"},
		"no key":           {func(o *Options) { o.Key = "" }, "", `key: "" is not one line <!-- … -->`},
		"key of two lines": {func(o *Options) { o.Key = "<!-- a\n-->" }, "", "is not one line"},
		"commit":           {func(o *Options) { o.Commit = "main" }, "", `commit: "main" is not a hash; give git's, in full`},
		"run":              {func(o *Options) { o.Run.ID = -1 }, "", "run: -1.1 is below zero"},
		"another key":      {func(*Options) {}, "<!-- other -->\n", "body: its first line is not the key"},
		"key not alone":    {func(*Options) {}, key + "x", "body: its first line is not the key"},
		"not UTF-8":        {func(*Options) {}, text("\xff"), "body: is not UTF-8, and GitHub would alter it"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			tc.mutate(&w.Options)
			if tc.body == "" {
				tc.body = w.Key + "\nfine"
			}
			assert.Contains(t, w.refused(t, tc.body), tc.want)
			assert.Empty(t, w.Requests())
		})
	}
}

func TestEveryErrorAtOnce(t *testing.T) {
	_, err := Post(t.Context(), Options{}, "")
	for _, want := range []string{"pull:", "repository:", "token:", "key:"} {
		assert.ErrorContains(t, err, want)
	}
}

// A line break after the token is not part of it.
func TestTokenFromAFile(t *testing.T) {
	w := newWorld(t)
	w.Token += "\n"
	w.post(t, text("one"))
	assert.Equal(t, canary, w.Requests()[0].Token)
}

func TestOptionsDoNotShowTheToken(t *testing.T) {
	o := newWorld(t).Options
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(form, o), canary)
		assert.NotContains(t, fmt.Sprintf(form, &o), canary)
	}
	encoded, err := json.Marshal(Options{Token: canary})
	require.NoError(t, err)
	assert.NotContains(t, string(encoded), canary)
}

func TestAddresses(t *testing.T) {
	for api, want := range map[string]string{"": "/graphql", "api/v3": "/api/graphql"} {
		w := newWorld(t)
		w.API += api
		_, err := Post(t.Context(), w.Options, text("x"))
		assert.Equal(t, api == "", err == nil)
		assert.Equal(t, want, w.Requests()[0].Path)
	}
}
