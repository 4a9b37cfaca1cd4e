package post

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-github/v89/github"
)

// client asks GitHub about one repository.
type client struct {
	github  *github.Client
	options Options
	subject subject
	caller  context.Context // without our deadline: whether it ended says who gave up
	owner   string
	name    string
	idle    func() // closes what connections are left
}

func newClient(caller context.Context, o Options, s subject) (*client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone() // with the proxy that the environment names
	transport.TLSClientConfig = &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12}
	api, err := github.NewClient(
		github.WithHTTPClient(&http.Client{Transport: guard{next: transport, limit: o.Request}, CheckRedirect: redirect}),
		github.WithAuthToken(o.Token),
		github.WithURLs(&o.API, nil),
		github.WithUserAgent("platform-review"), // GitHub refuses requests without any
		github.WithDisableRateLimitCheck(),      // what GitHub says now counts, and waits are ours
	)
	if err != nil {
		return nil, fmt.Errorf("%s: api: is not an address such as https://HOST/api/v3", s.name)
	}
	owner, name, _ := strings.Cut(o.Repository, "/")
	return &client{github: api, options: o, subject: s, caller: caller, owner: owner, name: name, idle: transport.CloseIdleConnections}, nil
}

// author is the account that posts. The REST API does not tell an
// installation, such as the token of a workflow, who it is (GET /user refuses
// it), so the other API is asked.
func (c *client) author(ctx context.Context) (string, error) {
	if c.options.Author != "" {
		return c.options.Author, nil
	}
	var answer struct {
		Data struct {
			Viewer struct {
				Login string `json:"login"`
			} `json:"viewer"`
		} `json:"data"`
	}
	failed := c.call(ctx, action{name: "ask whose the token is"}, func(ctx context.Context) (*github.Response, error) {
		request, err := c.github.NewRequest(ctx, http.MethodPost, graphql(c.options.API), map[string]string{"query": "query { viewer { login } }"})
		if err != nil {
			return nil, err
		}
		return c.github.Do(request, &answer)
	})
	if failed == nil && answer.Data.Viewer.Login == "" {
		failed = &failure{kind: nameless}
	}
	if failed != nil {
		return "", c.explain(failed)
	}
	return answer.Data.Viewer.Login, nil
}

// graphql is the address of the other API: GitHub Enterprise has it at
// https://HOST/api/graphql beside https://HOST/api/v3, the public one under the
// same address (https://docs.github.com/graphql/guides/forming-calls-with-graphql).
func graphql(api string) string {
	if host, found := strings.CutSuffix(api, "/api/v3/"); found {
		return host + "/api/graphql"
	}
	return api + "graphql"
}

// ours tells whether a text is ours: it begins with the key, and the account
// that posts wrote it. Who quotes the key writes another's text, and a key that
// begins like ours is not ours.
func (c *client) ours(body string, by *github.User, author string) bool {
	return begins(body, c.options.Key) && author != "" && strings.EqualFold(by.GetLogin(), author)
}

// cursor is where a list goes on.
type cursor struct {
	page  int
	after string
}

// pages asks for one page after the other until there is no next one.
func (c *client) pages(ctx context.Context, name string, ask func(context.Context, cursor) (*github.Response, func(), error)) *failure {
	for at := (cursor{page: 1}); ; {
		var next cursor
		var take func()
		failed := c.call(ctx, action{name: name}, func(ctx context.Context) (*github.Response, error) {
			response, found, err := ask(ctx, at)
			take = found
			if err == nil {
				next = cursor{page: response.NextPage, after: response.After}
			}
			return response, err
		})
		if failed != nil {
			return failed
		}
		take()
		if next == (cursor{}) {
			return nil
		}
		if next.page <= at.page && (next.after == "" || next.after == at.after) {
			return &failure{kind: circular}
		}
		at = next
	}
}

// host is the API's, for messages.
func (c *client) host() string {
	address, err := url.Parse(c.options.API)
	if err != nil {
		return ""
	}
	return address.Host
}
