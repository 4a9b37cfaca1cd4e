package infisical

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/config"
	"platform/stacks/secrets/infisical/infisicaltest"
)

// The traps of the SDK and of the server: success that is not success. Each
// has a test of its own, under the number that the decision record gives it.

// one asks for a single value of a folder.
func one(s *infisicaltest.Server, path, name string) (*Result, error) {
	return in(s, "prod", path, name)
}

func in(s *infisicaltest.Server, environment, path, name string) (*Result, error) {
	c := settings(s)
	c.Environment = environment
	values := []config.SecretValue{{Secret: "x", Key: "y", Path: path, Name: name}}
	return read(context.Background(), "prod", c, values, universal(), quick)
}

// Trap 1: a 200 that is a page, empty, null or other JSON is an empty token to
// the SDK, or no secrets.
func TestTrap01AnswersThatAreNotInfisicals(t *testing.T) {
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		for name, tc := range map[string]struct {
			fault infisicaltest.Fault
			want  string
		}{
			"page":          {infisicaltest.HTML(), "a page that is not JSON"},
			"empty":         {infisicaltest.Empty(), "a page that is not JSON"},
			"empty json":    {infisicaltest.Raw(200, "application/json", ""), "JSON that is not Infisical's"},
			"null":          {infisicaltest.Null(), "JSON that is not Infisical's"},
			"other":         {infisicaltest.Other(), "JSON that is not Infisical's"},
			"truncated":     {infisicaltest.Truncated(), "JSON that is not Infisical's"},
			"array":         {infisicaltest.Raw(200, "application/json", "[]"), "JSON that is not Infisical's"},
			"null fields":   {infisicaltest.Raw(200, "application/json", `{"accessToken":null,"secrets":null}`), "JSON that is not Infisical's"},
			"empty token":   {infisicaltest.Raw(200, "application/json", `{"accessToken":"","secrets":[{}]}`), "JSON that is not Infisical's"},
			"nameless":      {infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretValue":"marked-v"}]}`), "JSON that is not Infisical's"},
			"valueless":     {infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"SECRET_KEY"}]}`), "JSON that is not Infisical's"},
			"mistyped":      {infisicaltest.Raw(200, "application/json", `{"accessToken":1,"secrets":{}}`), "JSON that is not Infisical's"},
			"json as text":  {infisicaltest.Raw(200, "text/plain", `{"accessToken":"a.b.c","secrets":[]}`), "a page that is not JSON"},
			"too long":      {infisicaltest.Long(maxAnswer), "longer than 16 MiB"},
			"other success": {infisicaltest.Raw(204, "", ""), "status 204"},
		} {
			t.Run(string(endpoint)+"/"+name, func(t *testing.T) {
				s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
				s.Always(endpoint, tc.fault)
				_, err := read(context.Background(), "prod", settings(s), wanted()[:1], universal(), quick)
				faults := faultsOf(t, err)
				require.Len(t, faults, 1)
				assert.Contains(t, faults[0].Error(), tc.want)
				assert.Equal(t, 1, s.Count(endpoint), "no such answer passes")
			})
		}
	}
}

// Trap 2: an unknown folder or environment is an empty list on older servers, a
// 403 where the role is bound to environments, and a 404 on newer ones.
func TestTrap02UnknownFolderOrEnvironment(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/no/such", "NAME")
		if generation == infisicaltest.Generation2024 {
			fault(t, err, "secrets.infisical.path", `folder "/no/such" of environment "prod" came back empty`,
				"folder or environment do not exist", "may not read", "create /no/such/NAME", "make secrets-template STACK=prod")
		} else {
			fault(t, err, "secrets.infisical.path", `there is no folder "/no/such" in environment "prod"`, "create /no/such/NAME", "make secrets-template STACK=prod")
		}
		_, err = in(s, "nosuch", "/backend", "NAME")
		if generation == infisicaltest.Generation2024 {
			fault(t, err, "secrets.infisical.environment", `may not read folder "/backend" of environment "nosuch"`, "does not exist")
		} else {
			fault(t, err, "secrets.infisical.path", `there is no folder "/backend" in environment "nosuch"`)
		}
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].Environments = nil })
		_, err = in(s, "nosuch", "/backend", "NAME")
		fault(t, err, "secrets.infisical.path", `environment "nosuch"`, "NAME")
	})
}

// An optional value's folder may be missing on either server.
func TestTrap02OptionalFolder(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		values := append(wanted(), config.SecretValue{Secret: "x", Key: "y", Path: "/no/such", Name: "NAME", Optional: true})
		result, err := read(context.Background(), "prod", settings(s), values, universal(), quick)
		require.NoError(t, err)
		assert.Contains(t, result.Values, "x/y")
		assert.Empty(t, result.Values["x/y"].Reveal())
	})
}

// Trap 3: an environment that may not be read is a 403, or on newer servers an
// empty list.
func TestTrap03ForbiddenEnvironment(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := world(generation)
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "dev", Path: "/backend", Secrets: []infisicaltest.Secret{{Key: "NAME", Value: "marked-dev"}},
		})
		s := infisicaltest.Start(t, w)
		_, err := in(s, "dev", "/backend", "NAME")
		if generation == infisicaltest.Generation2024 {
			fault(t, err, "secrets.infisical.environment", `the machine identity may not read folder "/backend" of environment "dev"`)
		} else {
			fault(t, err, "secrets.infisical.path", `folder "/backend" of environment "dev" came back empty`, "may not read them")
		}
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].NoSecrets = true })
		_, err = in(s, "dev", "/backend", "NAME")
		fault(t, err, "secrets.infisical.environment", `the machine identity may not read folder "/backend"`)
	})
}

// Trap 4: imports whose source may not be read are left out silently.
func TestTrap04ImportsLeftOut(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := world(generation)
		w.Projects[0].Folders = append(w.Projects[0].Folders,
			infisicaltest.Folder{Environment: "dev", Path: "/shared", Secrets: []infisicaltest.Secret{{Key: "NAME", Value: "marked-dev"}}},
			infisicaltest.Folder{
				Environment: "prod", Path: "/web", Imports: []infisicaltest.Import{{Environment: "dev", Path: "/shared"}},
				Secrets: []infisicaltest.Secret{{Key: "OWN", Value: "v"}},
			})
		s := infisicaltest.Start(t, w)
		_, err := one(s, "/web", "NAME")
		fault(t, err, "secrets.infisical.path", "lacks NAME (for x/y)", "let the machine identity read the folders that it imports")
		s.Change(func(w *infisicaltest.World) { w.Identities[0].Grants[0].Environments = nil })
		result, err := one(s, "/web", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "marked-dev", result.Values["x/y"].Reveal())
		assert.Equal(t, []string{"/web/OWN"}, result.Undeclared, "of the folder itself")
	})
}

// Trap 5: recursive lists keep one secret of each name. No list is recursive.
func TestTrap05SameNameBelow(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{"/a/b/NAME": "below", "/a/NAME": "wanted", "/a/c/NAME": "beside"})
		w.Generation = generation
		s := infisicaltest.Start(t, w)
		result, err := one(s, "/a", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "wanted", result.Values["x/y"].Reveal())
		assert.Empty(t, result.Undeclared)
	})
}

// Trap 6: of two imports with one name, lists show the first and retrievals the
// last. Neither is taken; a folder's own secret wins over both.
func TestTrap06TwoImports(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{"/a/NAME": "marked-a", "/b/NAME": "marked-b"})
		w.Generation = generation
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "prod", Path: "/web",
			Imports: []infisicaltest.Import{{Environment: "prod", Path: "/a"}, {Environment: "prod", Path: "/b"}},
		})
		s := infisicaltest.Start(t, w)
		_, err := one(s, "/web", "NAME")
		fault(t, err, "secrets.infisical.values.x/y", "/web/NAME is there 2 times, in its import /a of prod and its import /b of prod")
		s.Set("prod", "/web", "NAME", "own")
		result, err := one(s, "/web", "NAME")
		require.NoError(t, err)
		assert.Equal(t, "own", result.Values["x/y"].Reveal())
	})
}

// A folder that holds one name twice is not guessed at either.
func TestTrap06Duplicate(t *testing.T) {
	w := world(infisicaltest.Generation2024)
	w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
		Environment: "prod", Path: "/web",
		Secrets: []infisicaltest.Secret{{ID: "1", Key: "NAME", Value: "marked-1"}, {ID: "2", Key: "NAME", Value: "marked-2"}},
	})
	_, err := one(infisicaltest.Start(t, w), "/web", "NAME")
	fault(t, err, "secrets.infisical.values.x/y", "/web/NAME is there 2 times")
}

// Trap 7: a reference that leads nowhere stays in the value; one that may not
// be followed stays too, or fails the list of its folder.
func TestTrap07References(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		w := infisicaltest.Simple("prod", map[string]string{
			"/db/PASSWORD": "marked-db", "/ok/URL": "postgres://u:${prod.db.PASSWORD}@h", "/missing/URL": "marked-${prod.db.NONE}",
			"/denied/URL": "marked-${dev.db.PASSWORD}", "/text/NAME": "a${b and c}",
		})
		w.Generation = generation
		w.Projects[0].Environments = append(w.Projects[0].Environments, "dev")
		w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{
			Environment: "dev", Path: "/db",
			Secrets: []infisicaltest.Secret{{Key: "PASSWORD", Value: "marked-dev"}},
		})
		s := infisicaltest.Start(t, w)
		result, err := one(s, "/ok", "URL")
		require.NoError(t, err)
		assert.Equal(t, "postgres://u:marked-db@h", result.Values["x/y"].Reveal())
		_, err = one(s, "/missing", "URL")
		fault(t, err, "secrets.infisical.values.x/y", "the value of /missing/URL holds a reference that Infisical has not resolved")
		_, err = one(s, "/denied", "URL")
		if generation == infisicaltest.Generation2024 {
			fault(t, err, "secrets.infisical.values.x/y", "holds a reference that Infisical has not resolved")
		} else {
			fault(t, err, "secrets.infisical.path", "refers to a secret that the machine identity may not read", "PASSWORD from environment dev in path /db")
		}
	})
}

// Trap 8: an empty name is a list to the SDK, without an error. No single
// secret is asked for, and no value is without a name.
func TestTrap08EmptyName(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/backend", "")
		fault(t, err, "secrets.infisical.values.x/y.name", "x/y has no name")
		_, err = one(s, "/backend", "a/b")
		fault(t, err, "secrets.infisical.path", "lacks a/b")
		s.Set("prod", "/backend", "EMPTY", "")
		_, err = one(s, "/backend", "EMPTY")
		fault(t, err, "secrets.infisical.values.x/y", "the value of /backend/EMPTY is blank")
		assert.Equal(t, 0, s.Count(infisicaltest.Retrieve))
	})
}

// Trap 9: an empty address means the vendor's public service; .../api/ asks
// for /api/api, and // at the end breaks paths.
func TestTrap09Address(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for address, want := range map[string]string{
		"":                            "is missing",
		" ":                           "is missing",
		"/":                           "is missing",
		"h.example":                   "not an address with a scheme and a host",
		"https://":                    "not an address with a scheme and a host",
		"https://:443":                "not an address with a scheme and a host",
		"https://h:x":                 "not an address with a scheme and a host",
		"http://h":                    "credentials are sent over https alone",
		"https://marked-u:p@h":        "has a user",
		"https://h?marked-q=1":        "a query",
		"https://h#f":                 "a fragment",
		s.URL() + "/api":              "ends in /api",
		s.URL() + "/api/":             "ends in /api",
		s.URL() + "//api//":           "ends in /api",
		s.URL() + "/portal":           "there is no Infisical at this address",
		"https://no such.example.com": "not an address",
	} {
		c := settings(s)
		c.URL = address
		_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
		fault(t, err, "secrets.infisical.url", want)
	}
	c := settings(s)
	c.URL = s.URL() + "//"
	_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
	require.NoError(t, err)
}

// Trap 10: the SDK takes credentials that are empty, and an organization, from
// the environment of the process.
func TestTrap10ProcessEnvironment(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	t.Setenv(EnvClientID, infisicaltest.ClientID)
	t.Setenv(EnvClientSecret, infisicaltest.ClientSecret)
	t.Setenv("INFISICAL_AUTH_ORGANIZATION_SLUG", "elsewhere")
	_, err := Read(context.Background(), "prod", settings(s), wanted(), env())
	fault(t, err, "secrets.infisical", "no credentials")
	assert.Empty(t, s.Requests())
	var sent map[string]any
	s.Script(infisicaltest.Login, func(w http.ResponseWriter, r *http.Request, answer http.HandlerFunc) {
		text, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(text, &sent)
		r.Body = io.NopCloser(strings.NewReader(string(text)))
		answer(w, r)
	})
	_, err = Read(context.Background(), "prod", settings(s), wanted(), universal())
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"clientId": infisicaltest.ClientID, "clientSecret": infisicaltest.ClientSecret}, sent)
}

// Trap 11: redirects are followed, and turn the POST of a log-in into a GET.
func TestTrap11Redirects(t *testing.T) {
	elsewhere := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, endpoint := range []infisicaltest.Endpoint{infisicaltest.Login, infisicaltest.List} {
		for _, status := range []int{300, 301, 302, 303, 307, 308} {
			s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
			s.Always(endpoint, infisicaltest.Redirect(status, elsewhere.URL()+"/login?state=marked-state"))
			_, err := ask(s)
			fault(t, err, "secrets.infisical.url", "answers with a redirect to "+elsewhere.URL()+",")
			assert.LessOrEqual(t, s.Count(endpoint), 2, "one for each folder at most")
			s.Always(endpoint, infisicaltest.Redirect(status, "/login"))
			_, err = ask(s)
			fault(t, err, "secrets.infisical.url", "answers with a redirect to "+s.URL()+",")
			s.Always(endpoint, infisicaltest.Redirect(status, ""))
			_, err = ask(s)
			fault(t, err, "secrets.infisical.url", "a redirect that leads nowhere")
			s.Always(endpoint, infisicaltest.Redirect(status, "http://%zz"))
			_, err = ask(s)
			fault(t, err, "secrets.infisical.url", "a redirect that leads nowhere")
		}
	}
	assert.Empty(t, elsewhere.Requests())
}

// Trap 12: a cache answers even after the token has become invalid.
func TestTrap12NoCache(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, value := range []string{"first", "second"} {
		s.Set("prod", "/redis", "password", value)
		result, err := ask(s)
		require.NoError(t, err)
		assert.Equal(t, value, result.Values["redis-auth/password"].Reveal())
	}
	assert.Equal(t, 4, s.Count(infisicaltest.List))
}

// Trap 13: a bad file of authorities is a warning or nothing, and the system's
// are used. A good one is the only authority.
func TestTrap13Authorities(t *testing.T) {
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	text, err := os.ReadFile(s.CAFile())
	require.NoError(t, err)
	other := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	folder := t.TempDir()
	for name, tc := range map[string]struct{ text, want string }{
		"empty":     {"", "holds no certificate"},
		"no pem":    {"marked-text", "holds no certificate"},
		"key":       {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "a block that is no certificate"},
		"broken":    {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a block that is no certificate"},
		"other":     {strings.ReplaceAll(string(text), "CERTIFICATE", "X509 CRL"), "a block that is no certificate"},
		"one wrong": {string(text) + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "a block that is no certificate"},
	} {
		c := settings(s)
		c.CACertificate = filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(c.CACertificate, []byte(tc.text), 0o600))
		_, err := read(context.Background(), "prod", c, wanted(), universal(), quick)
		fault(t, err, "secrets.infisical.caCertificate", tc.want)
	}
	c := settings(s)
	c.CACertificate = folder
	_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
	fault(t, err, "secrets.infisical.caCertificate", "cannot be read")
	assert.Empty(t, s.Requests())
	for _, file := range []string{other.CAFile(), ""} {
		c.CACertificate = file
		_, err = read(context.Background(), "prod", c, wanted(), universal(), quick)
		fault(t, err, "secrets.infisical.caCertificate", "certificate signed by unknown authority")
	}
}

// Trap 14: the SDK can put what it reads into the environment of the process.
func TestTrap14ProcessEnvironmentStays(t *testing.T) {
	before := os.Environ()
	_, err := ask(infisicaltest.Start(t, world(infisicaltest.Generation2024)))
	require.NoError(t, err)
	assert.Equal(t, before, os.Environ())
}

// Trap 15: the SDK's HTTP client prints lines with addresses when the network
// fails, and no setting silences it.
func TestTrap15PrintsNothing(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer out.Close()
	stdout, stderr := os.Stdout, os.Stderr
	os.Stdout, os.Stderr = out, out
	defer func() { os.Stdout, os.Stderr = stdout, stderr }()
	s := infisicaltest.Start(t, world(infisicaltest.Generation2024))
	for _, misbehaviour := range []infisicaltest.Fault{infisicaltest.Reset(), infisicaltest.Cut(0), infisicaltest.Truncated(), infisicaltest.RedisDown(), infisicaltest.HTML(), nil} {
		s.Always(infisicaltest.Login, misbehaviour)
		_, _ = ask(s)
	}
	broken := &relay{ctx: context.Background(), transport: http.NewFileTransport(http.Dir(".")), timeout: time.Second}
	client := (&session{base: "https://h.invalid"}).client(broken, "token").SetRetryCount(1).SetRetryWaitTime(1).SetRetryMaxWaitTime(1)
	_, err = client.R().Get("/x") // retries are what the library prints about
	require.Error(t, err)
	os.Stdout, os.Stderr = stdout, stderr
	text, err := os.ReadFile(out.Name())
	require.NoError(t, err)
	assert.Empty(t, string(text))
}

// Trap 16: case matters in names, environments, paths and client IDs; a path
// without its first slash finds nothing, and one with a last slash is fine.
func TestTrap16Case(t *testing.T) {
	both(t, func(t *testing.T, generation infisicaltest.Generation) {
		s := infisicaltest.Start(t, world(generation))
		_, err := one(s, "/backend", "secret_key")
		fault(t, err, "secrets.infisical.path", "lacks secret_key")
		_, err = one(s, "/Backend", "SECRET_KEY")
		fault(t, err, "secrets.infisical.path", `folder "/Backend"`)
		_, err = in(s, "PROD", "/backend", "SECRET_KEY")
		faultsOf(t, err)
		_, err = in(s, " prod", "/backend", "SECRET_KEY")
		fault(t, err, "secrets.infisical.environment", "white space")
		asked := len(s.Requests())
		_, err = one(s, "backend", "SECRET_KEY")
		fault(t, err, "secrets.infisical.path", `"backend" is no path of a folder`)
		assert.Len(t, s.Requests(), asked)
		_, err = one(s, "/backend/", "SECRET_KEY")
		require.NoError(t, err)
		_, err = read(context.Background(), "prod", settings(s), wanted(),
			env(EnvClientID, strings.ToUpper(infisicaltest.ClientID), EnvClientSecret, infisicaltest.ClientSecret), quick)
		fault(t, err, "secrets.infisical")
	})
}

// Trap 17: one newline at the end of a value survives, and the order of lists
// is by ID. Values are taken as they are, and nothing depends on the order.
func TestTrap17NewlineAndOrder(t *testing.T) {
	w := infisicaltest.Simple("prod", nil)
	w.Projects[0].Folders = []infisicaltest.Folder{{Environment: "prod", Path: "/a", Secrets: []infisicaltest.Secret{
		{ID: "2", Key: "b", Value: "1"}, {ID: "1", Key: "a", Value: "2"}, {ID: "3", Key: "NAME", Value: "line\n"}, {ID: "0", Key: "B", Value: "3"},
	}}}
	s := infisicaltest.Start(t, w)
	_, err := one(s, "/a", "NAME")
	fault(t, err, "secrets.infisical.values.x/y", "the value of /a/NAME begins or ends with white space")
	result, err := one(s, "/a", "a")
	require.NoError(t, err)
	assert.Equal(t, []string{"/a/B", "/a/NAME", "/a/b"}, result.Undeclared)
	pem, err := os.ReadFile(s.CAFile())
	require.NoError(t, err)
	s.Set("prod", "/a", "NAME", string(pem))
	values := []config.SecretValue{{Secret: "x", Key: "y", Path: "/a", Name: "NAME", Format: config.FormatPEM}}
	result, err = read(context.Background(), "prod", settings(s), values, universal(), quick)
	require.NoError(t, err)
	assert.Equal(t, string(pem), result.Values["x/y"].Reveal())
}

// Trap 18: newer servers can mask a value, and tell so in a field that the SDK
// does not read.
func TestTrap18MaskedValue(t *testing.T) {
	w := world(infisicaltest.Generation2025)
	w.Projects[0].Folders = append(w.Projects[0].Folders, infisicaltest.Folder{Environment: "prod", Path: "/web", Secrets: []infisicaltest.Secret{
		{Key: "HIDDEN", Value: "marked-a", Hidden: true}, {Key: "NAME", Value: hiddenText},
	}})
	s := infisicaltest.Start(t, w)
	for _, name := range []string{"HIDDEN", "NAME"} {
		_, err := one(s, "/web", name)
		fault(t, err, "secrets.infisical.values.x/y", "Infisical hides the value of /web/"+name)
	}
	s.Script(infisicaltest.List, infisicaltest.Raw(200, "application/json", `{"secrets":[{"secretKey":"NAME","secretValue":"own"}],
		"imports":[{"secretPath":"/x","environment":"prod","secrets":[{"secretKey":"NAME","secretValue":"","secretValueHidden":true}]}]}`))
	result, err := one(s, "/web", "NAME")
	require.NoError(t, err)
	assert.Equal(t, "own", result.Values["x/y"].Reveal())
	for _, value := range []string{`"secretValue":"******",`, ``} {
		s.Script(infisicaltest.List, infisicaltest.Raw(200, "application/json",
			`{"secrets":[{"secretKey":"NAME",`+value+`"secretValueHidden":true}],"imports":[]}`))
		_, err := one(s, "/web", "NAME")
		fault(t, err, "secrets.infisical.values.x/y", "Infisical hides the value of /web/NAME")
	}
}
