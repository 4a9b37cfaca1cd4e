package post

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// EnvToken is the environment variable that holds the token.
const EnvToken = "GITHUB_TOKEN"

// API is the address of the public GitHub.
const API = "https://api.github.com/"

// Stored is how many bytes of UTF-8 GitHub stores of a comment or an issue: one
// more is refused. The refusal speaks of "65536 characters", which is neither:
// 262,144 letters are stored, and so are 65,536 characters of four bytes, and
// nothing beyond either (https://github.com/dead-claudia/github-limits/pull/13,
// 2025-10-28; both endpoints measured again in
// https://github.com/objectstack-ai/objectstack/issues/18826, 2026-09-17). The
// API's description names no limit. Texts of pull requests have another one.
const Stored = 262_144

// Limit is how many bytes a body may have: what is stored, without the line
// that a run adds.
const Limit = Stored - longestStamp

// Options say where to write, and as whom.
type Options struct {
	Repository string // owner/name
	Pull       int    // number of the pull request
	Token      string `json:"-"` // from the environment only, never a flag, never shown; may write pull requests, for Issue issues
	API        string // base URL, for GitHub Enterprise https://HOST/api/v3; empty: the public GitHub
	Key        string // hidden marker that the body's first line consists of; exact
	Commit     string // head commit that the body speaks of, in full; empty: unknown

	// Run says which of two bodies is the newer one; none: it is not known, and
	// what is there is overwritten.
	Run Run

	Out io.Writer // what is done, a line each; nil: nothing is written

	transport  http.RoundTripper // of tests; nil: the default one, with the proxy that the environment names
	firstPause time.Duration     // after a request that failed
}

// String leaves the token out, however options are printed.
func (o Options) String() string {
	return fmt.Sprintf("post to %s#%d at %s", o.Repository, o.Pull, o.API)
}

// GoString is String.
func (o Options) GoString() string { return o.String() }

func (o Options) withDefaults() Options {
	if o.API == "" {
		o.API = API
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.firstPause == 0 {
		o.firstPause = 500 * time.Millisecond
	}
	o.API = strings.TrimSuffix(o.API, "/") + "/"
	o.Token = strings.TrimSpace(o.Token) // files and secrets end in a line break
	return o
}

var (
	repositoryForm = regexp.MustCompile(`^[A-Za-z0-9_-]+/[A-Za-z0-9._-]+$`)
	commitForm     = regexp.MustCompile(`^([0-9a-f]{7,64}(\+changes)?)?$`)
)

// validate finds every error that needs no request.
func (o Options) validate(body string) error {
	var problems []error
	problem := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	problem(!repositoryForm.MatchString(o.Repository) || strings.HasSuffix(o.Repository, "/.") || strings.HasSuffix(o.Repository, "/.."),
		"repository: %q is not owner/name", o.Repository)
	problem(o.Token == "", "token: there is none; put it into the environment variable %s", EnvToken)
	problem(strings.ContainsFunc(o.Token, func(char rune) bool { return char <= ' ' || char > unicode.MaxASCII || unicode.IsControl(char) }),
		"token: has characters that no token has; put it into %s as it was given", EnvToken)
	base, err := url.Parse(o.API)
	problem(err != nil || base.Scheme != "https" || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "",
		"api: is not an address such as https://HOST/api/v3, without a name, a password or a query")
	problem(!strings.HasPrefix(o.Key, "<!--") || !strings.HasSuffix(o.Key, "-->") || strings.ContainsAny(o.Key, "\r\n"),
		"key: %q is not one line <!-- … -->", o.Key)
	problem(!commitForm.MatchString(o.Commit), "commit: %q is not a hash; give git's, in full", o.Commit)
	problem(o.Run.ID < 0 || o.Run.Attempt < 0, "run: %s is below zero", o.Run)
	problem(!begins(body, o.Key), "body: its first line is not the key")
	problem(!utf8.ValidString(body), "body: is not UTF-8, and GitHub would alter it")
	problem(len(o.stamped(body)) > Stored, "body: has %d bytes, and GitHub stores %d of which a run takes %d; cut it where it is written",
		len(body), Stored, len(o.stamped(body))-len(body))
	return errors.Join(problems...)
}

// begins reports whether a text's first line is a key. A text edited in a browser
// has the other line ends.
func begins(text, key string) bool {
	rest, found := strings.CutPrefix(text, key)
	return found && (rest == "" || rest[0] == '\n' || rest[0] == '\r')
}

// subject is what a message speaks of.
type subject struct {
	name       string // such as comment on owner/name#12
	of         string // what the repository has to have for it
	permission string // that a workflow has to ask for
}
