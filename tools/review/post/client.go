package post

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-github/v89/github"
	"github.com/hashicorp/go-retryablehttp"
)

const (
	timeout        = 90 * time.Second // for everything
	requestTimeout = 10 * time.Second
	longestPause   = 60 * time.Second // that GitHub may ask for: the least where it names no time
	retries        = 4                // after 0.5, 1, 2 and 4 seconds
)

// client makes requests about one repository.
type client struct {
	*github.Client
	options     Options
	subject     subject
	owner, name string
	author      string // login of the account that posts
}

// newClient returns a client whose requests are repeated: after a failure of
// the network or of GitHub, and after a pause that GitHub asks for.
func newClient(o Options, s subject) (*client, error) {
	transport := http.DefaultTransport
	if o.transport != nil {
		transport = o.transport
	}
	retrying := retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: transport, Timeout: requestTimeout, CheckRedirect: sameHost},
		RetryMax:     retries,
		RetryWaitMin: o.firstPause,
		RetryWaitMax: longestPause,
		CheckRetry:   retry,
		Backoff:      backoff,
		ErrorHandler: func(response *http.Response, err error, _ int) (*http.Response, error) {
			if err != nil {
				return nil, err
			}
			return response, nil // the last refusal, which go-github reads
		},
	}
	api, err := github.NewClient(
		github.WithHTTPClient(retrying.StandardClient()),
		github.WithAuthToken(o.Token),
		github.WithURLs(&o.API, nil),
		github.WithUserAgent("platform-review"), // GitHub refuses requests without any
		github.WithDisableRateLimitCheck(),      // what GitHub says now counts
	)
	if err != nil {
		return nil, fmt.Errorf("%s: api: is not an address such as https://HOST/api/v3", s.name)
	}
	c := &client{Client: api, options: o, subject: s}
	c.owner, c.name, _ = strings.Cut(o.Repository, "/")
	return c, nil
}

// errRedirect is a redirect that is not followed.
var errRedirect = errors.New("redirects to another address")

// sameHost follows redirects within the host, as repositories that were renamed
// need it. A write that would become a read is not followed: its answer would
// pass for that of the write.
func sameHost(next *http.Request, before []*http.Request) error {
	if first := before[0]; next.URL.Scheme != first.URL.Scheme || next.URL.Host != first.URL.Host || next.Method != first.Method || len(before) >= 10 {
		return fmt.Errorf("%w, %s://%s", errRedirect, next.URL.Scheme, next.URL.Host)
	}
	return nil
}

// once marks the context of a request that must not be repeated when its answer
// is lost: it may have been done.
func once(ctx context.Context) context.Context { return context.WithValue(ctx, creation{}, true) }

type creation struct{}

// retry reports whether a request is worth another attempt. It is not if the
// pause before that is longer than may be waited.
func retry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if errors.Is(err, errRedirect) || ctx.Err() != nil {
		return false, err
	}
	if err == nil && limited(response) {
		deadline, _ := ctx.Deadline()
		wait := backoff(0, 0, 0, response)
		return wait <= longestPause && wait < time.Until(deadline), nil
	}
	again, _ := retryablehttp.DefaultRetryPolicy(ctx, response, err)
	return again && ctx.Value(creation{}) == nil, nil
}

// limited reports whether a response is that of a rate limit.
// https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
func limited(response *http.Response) bool {
	return response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusForbidden &&
		(response.Header.Get("Retry-After") != "" || response.Header.Get("X-Ratelimit-Remaining") == "0")
}

// backoff returns how long to wait: as long as GitHub asks for, or twice as long
// as the last time.
func backoff(first, longest time.Duration, attempt int, response *http.Response) time.Duration {
	if response == nil || !limited(response) {
		return retryablehttp.DefaultBackoff(first, longest, attempt, nil)
	}
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if reset, err := strconv.ParseInt(response.Header.Get("X-Ratelimit-Reset"), 10, 64); err == nil && response.Header.Get("X-Ratelimit-Remaining") == "0" {
		return max(time.Until(time.Unix(reset, 0))+time.Second, time.Second) // GitHub's clock has seconds only
	}
	return longestPause
}

// viewer returns the login of the account behind the token. The REST API does
// not tell an installation, such as the token of a workflow, who it is (GET
// /user refuses it), so the other API is asked.
func (c *client) viewer(ctx context.Context) (string, error) {
	// GitHub Enterprise has the other API at https://HOST/api/graphql beside https://HOST/api/v3.
	address, enterprise := strings.CutSuffix(c.options.API, "/api/v3/")
	if enterprise {
		address += "/api/"
	}
	request, err := c.NewRequest(ctx, http.MethodPost, address+"graphql", map[string]string{"query": "query { viewer { login } }"})
	if err != nil {
		return "", err
	}
	var answer struct {
		Data struct{ Viewer github.User }
	}
	if _, err := c.Do(request, &answer); err != nil {
		return "", fmt.Errorf("ask whose the token is: %w", err)
	}
	return answer.Data.Viewer.GetLogin(), present(answer.Data.Viewer.GetLogin() != "")
}

// ours reports whether a text begins with the key and is by the account that
// posts: somebody who quotes the key writes another's text.
func (c *client) ours(body string, by *github.User) bool {
	return begins(body, c.options.Key) && strings.EqualFold(by.GetLogin(), c.author)
}

// pulls returns the numbers of the open pull requests whose head is the commit.
func (c *client) pulls(ctx context.Context) ([]int, error) {
	var numbers []int
	options := &github.PullRequestListOptions{State: "open", ListOptions: github.ListOptions{PerPage: perPage}}
	for pull, err := range c.PullRequests.ListIter(ctx, c.owner, c.name, options) {
		if err != nil {
			return nil, fmt.Errorf("list pull requests: %w", err)
		}
		if pull.GetHead().GetSHA() == c.options.Commit {
			numbers = append(numbers, pull.GetNumber())
		}
	}
	slices.Sort(numbers) // pages shift while they are read: one may come twice
	return slices.Compact(numbers), nil
}

// host is the API's, for messages.
func (c *client) host() string {
	address, err := url.Parse(c.options.API)
	if err != nil {
		return ""
	}
	return address.Host
}
