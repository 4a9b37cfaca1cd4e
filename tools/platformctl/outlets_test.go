package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"platform/policy/secret"
	"platform/tools/review"
)

// inTwo is a secret that a name and a value make together, when they are shown.
const inTwo = "data.violet: umbra-lantern"

// encodings are spellings of the password, and what looks like a token.
func encodings() map[string]string {
	b64 := base64.StdEncoding
	return map[string]string{
		"as it is": password, "within more": "https://u:" + password + "x@host", "base64": b64.EncodeToString([]byte(password)), "within base64": b64.EncodeToString([]byte(`{"a":"` + password + `"}`)),
		"base64 of base64": b64.EncodeToString([]byte(b64.EncodeToString([]byte(password)))), "hexadecimal": hex.EncodeToString([]byte(password)), "escaped": url.QueryEscape(b64.EncodeToString([]byte(password + ">>?"))),
		"by its looks": "ghp_Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1",
	}
}

// leaks are sections with each of them in a value, and in an error.
func leaks() map[string]review.Section {
	all := map[string]review.Section{}
	for name, text := range encodings() {
		s := changed("dev", "data.leaked", text)
		s.Changes[0].Diffs = append(s.Changes[0].Diffs, review.Diff{Path: "data.beside", Old: "1", New: "two"})
		all[name] = s
		all[name+", in an error"] = review.Section{Stack: "dev", View: review.ViewChange, Error: "pulumi: exit 1\ncannot use " + text + "\nlast line"}
	}
	return all
}

func assembled() review.Section { return changed("dev", "data.violet", "umbra-lantern") }

// assertScanned wants of a text that nothing but the secret is gone, and that it
// says so.
func assertScanned(t *testing.T, name, text string) {
	t.Helper()
	for _, planted := range encodings() {
		assert.NotContains(t, text, planted, name)
	}
	assert.Contains(t, text, review.RuleShown, name)
	assert.Regexp(t, `data\.beside: two|"path": "data\.beside"|last line`, text, name)
	assert.Regexp(t, `(data\.leaked|error):\W*(</code>|`+"`"+`)? (has|looks)`, text, name)
}

// Every way on which sections leave the program, beside GitHub, which TestComment
// has.
func TestEveryOutletIsScanned(t *testing.T) {
	t.Setenv("PASSWORD_OF_A_TEST", password)
	t.Setenv("SECRET_OF_A_TEST", inTwo)
	t.Setenv("COLUMNS", "")
	known := secret.NewKnown(secret.OfEnvironment(os.Environ())...)
	read := func(t *testing.T, path string) string {
		t.Helper()
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(text)
	}
	for outlet, shown := range map[string]func(*testing.T, review.Section) (string, error){
		"review --out and drift --out": func(t *testing.T, s review.Section) (string, error) {
			path := filepath.Join(t.TempDir(), "a.json")
			s.Format = review.Format
			require.NoError(t, writeSections(path, []review.Section{s}, known))
			return read(t, path), nil
		},
		"drift": func(_ *testing.T, s review.Section) (string, error) {
			var out bytes.Buffer
			printSections(&out, []review.Section{s}, known)
			return out.String(), nil
		},
		"comment show": func(t *testing.T, s review.Section) (string, error) {
			return execute(t, "comment", "show", sections(t, s))
		},
		"comment show --html": func(t *testing.T, s review.Section) (string, error) {
			path := filepath.Join(t.TempDir(), "a.html")
			if _, err := execute(t, "comment", "show", sections(t, s), "--html", path); err != nil {
				return "", err
			}
			return read(t, path), nil
		},
		"comment show --markdown": func(t *testing.T, s review.Section) (string, error) {
			path := filepath.Join(t.TempDir(), "a.md")
			_, err := execute(t, "comment", "show", sections(t, s), "--markdown", path)
			require.NoError(t, err)
			return read(t, path), nil
		},
	} {
		t.Run(outlet, func(t *testing.T) {
			for name, s := range leaks() {
				text, err := shown(t, s)
				require.NoError(t, err)
				assertScanned(t, name, text)
			}
			if outlet == "review --out and drift --out" { // each text of it is scanned for itself
				return
			}
			text, err := shown(t, assembled())
			if err != nil {
				require.ErrorContains(t, err, "looks like a secret")
				text = err.Error()
			}
			assert.NotContains(t, text, "umbra", "what is put together is scanned once more")
		})
	}
	t.Run("errors", func(t *testing.T) {
		for name, text := range encodings() {
			var out bytes.Buffer
			tell(&out, errors.New("first line\nit said "+text+"\nlast line"), known)
			assert.NotContains(t, out.String(), text, name)
			assert.Regexp(t, `(?s)^first line\n.*\[secret\].*\nlast line\n$`, out.String(), name)
		}
	})
}
