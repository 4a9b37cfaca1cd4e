package post

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-github/v89/github"
)

// PullOf is the number of the open pull request whose head is [Options.Commit],
// where a job knows only that: one that starts when another workflow has run is
// told of no pull request from a fork, and what that workflow wrote is not to
// be believed. It fails where there is none, which has been closed or has a
// newer head by now, or more than one.
func PullOf(ctx context.Context, o Options) (int, error) {
	o = o.withDefaults()
	faults := o.validate(o.Key)
	if o.Commit == "" {
		faults = errors.Join(errors.New("commit: is missing; name the head of the pull request"), faults)
	}
	if faults != nil {
		return 0, faults
	}
	s := subject{name: fmt.Sprintf("pull request of %s with the head %s", o.Repository, o.Commit), thing: "list of pull requests", permission: "pull-requests: read"}
	bounded, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	c, err := newClient(ctx, o, s)
	if err != nil {
		return 0, err
	}
	defer c.idle()
	numbers, err := c.pulls(bounded)
	switch {
	case err != nil:
		return 0, err
	case len(numbers) == 0:
		return 0, fmt.Errorf("%s: there is none that is open; it was closed, or has a newer head whose own run comments", s.name)
	case len(numbers) > 1:
		return 0, fmt.Errorf("%s: there are %d: %v; name one with --pull", s.name, len(numbers), numbers)
	}
	return numbers[0], nil
}

// pulls are the numbers of the open pull requests whose head is the commit.
func (c *client) pulls(ctx context.Context) ([]int, error) {
	var numbers []int
	seen := map[int]bool{}
	for page := 1; page != 0; {
		var found []*github.PullRequest
		next := 0
		failed := c.call(ctx, action{name: "list the pull requests of the commit"}, func(ctx context.Context) (*github.Response, error) {
			var response *github.Response
			var err error
			found, response, err = c.github.PullRequests.ListPullRequestsWithCommit(ctx, c.owner, c.name, c.options.Commit, &github.ListOptions{Page: page, PerPage: 100})
			if response != nil {
				next = response.NextPage
			}
			return response, err
		})
		if failed == nil && seen[next] {
			failed = &failure{kind: circular}
		}
		if failed != nil {
			return nil, c.explain(failed)
		}
		for _, pull := range found {
			if pull.GetState() == "open" && pull.GetHead().GetSHA() == c.options.Commit {
				numbers = append(numbers, pull.GetNumber())
			}
		}
		seen[next], page = true, next
	}
	slices.Sort(numbers)
	return numbers, nil
}
