package infisical

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"platform/config"
)

// longestQuote is how much of a server's message an error repeats, in characters.
const longestQuote = 200

// error tells a failure that concerns the whole reading. It names no folder, so
// that what several requests met is reported once.
func (r *reader) problem(f *failure, c credentials) config.Error {
	key, why, remedy := r.explain(f, c)
	if f.attempts > 1 {
		why += fmt.Sprintf(" (%d attempts)", f.attempts)
	}
	return config.Error{Key: key, Stack: r.stack, Why: why, Remedy: remedy}
}

func (r *reader) explain(f *failure, c credentials) (key, why, remedy string) {
	switch f.kind {
	case unreachable:
		return keyURL, "the server cannot be reached: " + cause(f.cause, c), "check that it runs, and the way to it: address, port, proxy and firewall"
	case unknownHost:
		return keyURL, fmt.Sprintf("there is no host %q", r.host()), "correct the name, or connect to the network that knows it"
	case distrust:
		return r.explainTLS(f.cause, c)
	case slow:
		return keyAttemptTimeout, fmt.Sprintf("the server gave no answer within %s", r.settings.AttemptTimeout),
			"check the server and its database, or allow more time"
	case spent:
		return keyTimeout, fmt.Sprintf("the values were not read within %s", r.settings.Timeout), "check the server and its database, or allow more time"
	case redirect:
		if f.host == "" {
			return keyURL, "the server answers with a redirect that leads nowhere", "name the server itself"
		}
		return keyURL, fmt.Sprintf("the server answers with a redirect to %s, and credentials are not sent on", clean(f.host, c)),
			"name the server that it leads to, if that is Infisical and not a log-in page"
	case notInfisical:
		what := "a page that is not JSON"
		if f.json {
			what = "JSON that is not Infisical's"
		}
		return keyURL, "the server answers with " + what, "name the address of Infisical itself, not of a portal, a proxy or a log-in page before it"
	case tooLarge:
		return keyURL, fmt.Sprintf("the answer is longer than %d MiB", maxAnswer>>20), "name the address of Infisical itself, or keep fewer secrets in one folder"
	case refused:
		if f.login {
			return r.explainLogin(f, c)
		}
		return r.explainStatus(f, c)
	default:
		return keyURL, "the answer is of another folder or environment than was asked for", "let no cache between here and Infisical answer in its place"
	}
}

// host is the server's, for messages.
func (r *reader) host() string {
	address, err := url.Parse(r.settings.URL)
	if err != nil {
		return ""
	}
	return address.Hostname()
}

// explainStatus tells the answers that mean the same for every request.
func (r *reader) explainStatus(f *failure, c credentials) (key, why, remedy string) {
	said := f.said(c)
	switch {
	case f.status == http.StatusTooManyRequests:
		if f.late {
			return keyTimeout, fmt.Sprintf("the server asks to wait %s before the next request%s, which is more than is left of %s",
				f.wait.Round(time.Second), said, r.settings.Timeout), "run the command again then, or allow more time"
		}
		return keyAll, "the server limits how often it is asked" + said, "run the command again in a minute"
	case f.status >= http.StatusInternalServerError:
		why = fmt.Sprintf("the server failed: status %d%s", f.status, said)
		if f.wait > 0 {
			why += fmt.Sprintf(", and it asks to wait %s", f.wait.Round(time.Second))
		}
		return keyURL, why, "check the server, its database and its Redis, and run the command again"
	case f.route():
		return keyURL, fmt.Sprintf("there is no Infisical at this address: status %d%s", f.status, said), "name the server's address alone, without a path"
	case f.token():
		return r.explainToken(f, c)
	case f.stranger():
		return keyProject, "the machine identity is not a member of the project" + said, "add it to the project, or correct the project's ID"
	case f.status == http.StatusNotFound:
		return keyProject, "the project is unknown to the server" + said, "write the ID that the project's settings show"
	default:
		return keyURL, fmt.Sprintf("the server refuses the request: status %d%s", f.status, said), "check project, environment and address, and the server's version"
	}
}

func (r *reader) explainToken(f *failure, c credentials) (key, why, remedy string) {
	if c.token != "" {
		return keyAll, fmt.Sprintf("the server refuses the access token: status %d%s", f.status, f.said(c)), "put a token that has not expired into " + EnvToken
	}
	return keyAll, fmt.Sprintf("the server refuses the access token that it has just given: status %d%s", f.status, f.said(c)),
		"check the lifetime of the identity's access tokens, the addresses it trusts, and the server's clock"
}

// said is the server's own message, in brackets.
func (f *failure) said(c credentials) string {
	if text := clean(f.message, c); text != "" {
		return fmt.Sprintf(" (%q)", text)
	}
	return ""
}

// cause is the innermost text of an error of the network: those around it
// repeat the address.
func cause(err error, c credentials) string {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return clean(err.Error(), c)
}

// clean makes foreign text fit for a message: one line, not long, and nothing
// at all if it repeats a credential.
func clean(text string, c credentials) string {
	if c.known(text) {
		return ""
	}
	text = strings.Map(func(char rune) rune {
		if unicode.IsPrint(char) {
			return char
		}
		return ' '
	}, text)
	if runes := []rune(text); len(runes) > longestQuote {
		text = string(runes[:longestQuote]) + "..."
	}
	return strings.TrimSpace(text)
}
