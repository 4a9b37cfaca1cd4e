package post

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/google/go-github/v89/github"
)

// longestQuote is how much of a foreign text a message repeats, in characters.
const longestQuote = 200

var (
	errEmpty = errors.New("the answer is empty")
	errKept  = errors.New("GitHub kept the old text without a word")

	errUnsettled = fmt.Errorf("%d attempts to write it did not end in one entry", looks)
)

func present(there bool) error {
	if !there {
		return errEmpty
	}
	return nil
}

// status returns the status that GitHub refused a request with; 0 if there was
// no answer, or one that is not a refusal.
func status(err error) int {
	var (
		primary   *github.RateLimitError
		secondary *github.AbuseRateLimitError
		refusal   *github.ErrorResponse
	)
	switch {
	case errors.As(err, &primary), errors.As(err, &secondary):
		return http.StatusTooManyRequests
	case errors.As(err, &refusal):
		return refusal.Response.StatusCode
	}
	return 0
}

// gone reports whether an entry was deleted meanwhile.
func gone(err error) bool {
	return status(err) == http.StatusNotFound || status(err) == http.StatusGone
}

// unsure reports whether a request that failed may have been done all the same.
func unsure(err error) bool {
	return !errors.Is(err, errRedirect) && (status(err) == 0 || status(err) >= http.StatusInternalServerError)
}

// explain returns the message that people read: what is wrong and what to do.
// It wraps nothing but the context's error, so that no request, which holds the
// token, leaves this package.
func (c *client) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", c.subject.name, ctx.Err())
	}
	why, remedy := c.clean(words(err)), c.remedy(err)
	return fmt.Errorf("%s: %s; %s", c.subject.name, why, remedy)
}

// words returns an error without the addresses around it.
func words(err error) string {
	text := err.Error()
	var refusal *github.ErrorResponse
	var at *url.Error
	switch {
	case errors.As(err, &refusal):
		said := refusal.Message
		for _, one := range refusal.Errors {
			if one.Message != "" {
				said += ": " + one.Message
			}
		}
		text = strings.ReplaceAll(text, refusal.Error(), fmt.Sprintf("GitHub refuses it with status %d (%q)", refusal.Response.StatusCode, said))
	case errors.As(err, &at):
		text = strings.ReplaceAll(text, at.Error(), at.Err.Error())
	}
	return text
}

func (c *client) remedy(err error) string {
	var (
		primary   *github.RateLimitError
		syntax    *json.SyntaxError
		mistyped  *json.UnmarshalTypeError
		untrusted *tls.CertificateVerificationError
	)
	code := status(err)
	switch {
	case errors.As(err, &primary):
		return "run the job again at " + primary.Rate.Reset.UTC().Format("15:04 UTC")
	case code == http.StatusTooManyRequests:
		return "run the job again in some minutes, and let fewer jobs run beside it"
	case code == http.StatusUnauthorized:
		return "put a token into " + EnvToken + " that has not expired"
	case code == http.StatusForbidden:
		return fmt.Sprintf("give the job the permission %q; a job that a fork's pull request started cannot have it, so let a workflow_run job post", c.subject.permission)
	case gone(err):
		return fmt.Sprintf("check that there is a repository %s with %s, and that the token may see it", c.options.Repository, c.subject.of)
	case code >= http.StatusInternalServerError:
		return "see whether GitHub has an incident (www.githubstatus.com), and run the job again"
	case code != 0:
		return "check repository, number and text"
	case errors.Is(err, errUnsettled):
		return "let the jobs that post belong to one concurrency group"
	case errors.Is(err, errKept):
		return fmt.Sprintf("shorten the text, of which it stores %d bytes", Stored)
	case errors.Is(err, errRedirect), errors.Is(err, errEmpty), errors.As(err, &syntax), errors.As(err, &mistyped):
		return fmt.Sprintf("check that %s is GitHub's API (GitHub Enterprise: https://HOST/api/v3) and no log-in page or proxy, and use the repository's present name", c.host())
	case errors.As(err, &untrusted):
		return "have the system trust the authority of " + c.host() + " (SSL_CERT_FILE), or correct the API's address"
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s gave no answer in time (%s); check the network, and run the job again", c.host(), timeout.Round(time.Second))
	default:
		return "check that " + c.host() + " runs, and the way to it: proxy and firewall"
	}
}

// clean makes foreign text fit for a message: one line, not long, without the
// token.
func (c *client) clean(text string) string {
	text = regexp.MustCompile("(?i)"+regexp.QuoteMeta(c.options.Token)).ReplaceAllLiteralString(text, "<token>") // hosts lose their capitals
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
