package post

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// longestQuote is how much of a foreign text a message repeats, in characters.
const longestQuote = 200

// explain makes of a failure the message that people read. It wraps nothing but
// the context's error: what libraries put into theirs, requests with the token
// among it, ends here.
func (c *client) explain(f *failure) error {
	if f.kind == ended {
		return fmt.Errorf("%s: %w%s", c.subject.name, c.caller.Err(), c.unsure(f))
	}
	why, remedy := c.words(f)
	if f.attempts > 1 {
		why += fmt.Sprintf(" (%d attempts)", f.attempts)
	}
	return fmt.Errorf("%s: %s; %s%s", c.subject.name, why, remedy, c.unsure(f))
}

// unsure says that a write may have been done.
func (c *client) unsure(f *failure) string {
	if f.lost && f.action.once {
		return fmt.Sprintf(" (the %s may have been written all the same; the next run finds it)", c.subject.thing)
	}
	return ""
}

func (c *client) words(f *failure) (why, remedy string) {
	network := "check that " + c.host() + " runs, and the way to it: proxy and firewall"
	switch f.kind {
	case unknownHost:
		return fmt.Sprintf("there is no host %q", c.host()), "correct the API's address"
	case distrust:
		if errors.Is(f.cause, http.ErrSchemeMismatch) {
			return c.host() + " does not speak TLS", "correct the API's address; nothing is sent in clear"
		}
		return "the certificate of " + c.host() + " is not trusted: " + c.cause(f.cause), "have the system trust its authority (SSL_CERT_FILE), or correct the API's address"
	case slow:
		return fmt.Sprintf("%s gave no answer within %s", c.host(), c.options.Request), network
	case spent:
		return fmt.Sprintf("not done within %s", c.options.Timeout), network + ", and run the job again"
	case gone:
		return c.missing(f)
	case limited:
		return c.limit(f)
	case broken:
		return fmt.Sprintf("%s is at fault: status %d%s", c.host(), f.status, c.said(f)), "see whether GitHub has an incident (www.githubstatus.com), and run the job again"
	case redirected:
		return c.led(f)
	case foreign:
		var alien *strange
		errors.As(f.cause, &alien)
		return fmt.Sprintf("%s answers %s, which is not GitHub's API", c.host(), c.clean(alien.Error())), "correct the API's address (GitHub Enterprise: https://HOST/api/v3); a log-in page or a proxy may stand before it"
	case unclear, oversize, circular:
		return fmt.Sprintf("%s answers what GitHub's API does not", c.host()), "correct the API's address, or ask who runs the proxy before it"
	case nameless:
		return c.host() + " does not say whose the token is", "name the account that posts, such as github-actions[bot]"
	case ignored:
		return "GitHub kept the old text without a word", fmt.Sprintf("shorten the text, of which it stores %d bytes", Stored)
	case refused:
		return c.refusal(f)
	default:
		return c.host() + " cannot be reached: " + c.cause(f.cause), network
	}
}

// missing tells what is not there. GitHub says the same of what a token must
// not see.
func (c *client) missing(f *failure) (why, remedy string) {
	if f.status == http.StatusGone {
		return "GitHub says that there is none" + c.said(f), "turn the repository's issues on, or leave this out"
	}
	return fmt.Sprintf("not found: there is no repository %s, it has no such %s, or the token must not see it", c.options.Repository, c.subject.of),
		"correct repository and number, or let the token read a private repository"
}

func (c *client) limit(f *failure) (why, remedy string) {
	which := "GitHub's limit on many requests at once"
	if f.primary {
		which = "GitHub's limit of requests an hour"
	}
	why = which + c.said(f)
	if f.late {
		return fmt.Sprintf("%s, and it asks to wait %s", why, f.wait.Round(time.Second)), fmt.Sprintf("run the job again at %s", time.Now().Add(f.wait).UTC().Format("15:04 UTC"))
	}
	return why, "run the job again in some minutes, and let fewer jobs run beside it"
}

func (c *client) led(f *failure) (why, remedy string) {
	var away *elsewhere
	errors.As(f.cause, &away)
	if away.host != "" {
		return fmt.Sprintf("%s leads on to %s, and the token is not sent there", c.host(), c.clean(away.host)), "correct the API's address, if that is GitHub's and no log-in page"
	}
	return fmt.Sprintf("%s leads on to another address, where nothing can be written", c.host()), "use the repository's present name"
}

// refusal tells the states that are about this request.
func (c *client) refusal(f *failure) (why, remedy string) {
	long := slices.ContainsFunc(f.details, func(detail string) bool { return strings.Contains(strings.ToLower(detail), "is too long") })
	locked := strings.Contains(strings.ToLower(f.message), "locked")
	what := fmt.Sprintf("GitHub refuses to %s: status %d%s", f.action.name, f.status, c.said(f))
	switch {
	case f.status == http.StatusUnauthorized:
		return "GitHub does not accept the token" + c.said(f), "put one into " + EnvToken + " that has not expired"
	case f.status == http.StatusForbidden && locked:
		return "the conversation is locked, and this token may not write in it", "unlock it, or post with the token of somebody who may"
	case f.status == http.StatusForbidden:
		if f.accepted != "" {
			what += fmt.Sprintf(" (it asks for %s)", c.clean(f.accepted))
		}
		return what, fmt.Sprintf("give the job the permission %q; a job that a fork's pull request started has none and cannot get it, so let a workflow_run job post", c.subject.permission)
	case f.status == http.StatusUnprocessableEntity && long:
		return fmt.Sprintf("the text is too long for this GitHub%s", c.said(f)), fmt.Sprintf("shorten it where it is written; github.com stores %d bytes, and nothing is cut here", Stored)
	default:
		return what, "check repository, number and text"
	}
}

// said is GitHub's own message, in brackets.
func (c *client) said(f *failure) string {
	text := strings.Join(append([]string{f.message}, slices.DeleteFunc(slices.Clone(f.details), func(d string) bool { return d == "" })...), ": ")
	if text = c.clean(text); text != "" {
		return fmt.Sprintf(" (%q)", text)
	}
	return ""
}

// cause is the innermost text of an error of the network: those around it
// repeat the address.
func (c *client) cause(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	return c.clean(err.Error())
}

// clean makes foreign text fit for a message: one line, not long, without the
// token.
func (c *client) clean(text string) string {
	text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(c.options.Token)).ReplaceAllLiteralString(text, "<token>") // hosts and media types lose their capitals
	text = strings.TrimSpace(strings.Map(func(char rune) rune {
		if unicode.IsPrint(char) {
			return char
		}
		return ' '
	}, text))
	if runes := []rune(text); len(runes) > longestQuote {
		return string(runes[:longestQuote]) + "…"
	}
	return text
}
