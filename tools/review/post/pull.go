package post

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-github/v89/github"
)

// ErrSuperseded is that no open pull request has the commit as its head: it was
// closed, or somebody pushed. The run of the newer head comments.
var ErrSuperseded = errors.New("there is none that is open; it was closed, or has a newer head whose own run comments")

// PullOf is the number of the open pull request whose head is [Options.Commit],
// where a job knows only that: one that starts when another workflow has run is
// told of no pull request from a fork, and what that workflow wrote is not to
// be believed. It fails where there is none ([ErrSuperseded]), or more than one.
//
// It goes through all open pull requests: GitHub's list of those that belong to
// a commit is empty for a commit that only a fork has
// (https://github.com/learningequality/kolibri/pull/14719,
// https://github.com/TooTallNate/nx.js/pull/410).
func PullOf(ctx context.Context, o Options) (int, error) {
	o = o.withDefaults()
	faults := o.validate(o.Key)
	if o.Commit == "" {
		faults = errors.Join(errors.New("commit: is missing; name the head of the pull request"), faults)
	}
	if faults != nil {
		return 0, faults
	}
	s := subject{name: fmt.Sprintf("pull request of %s with the head %s", o.Repository, o.Commit), thing: "pull request", of: "list of pull requests", permission: "pull-requests: read"}
	bounded, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	c, err := newClient(ctx, o, s)
	if err != nil {
		return 0, err
	}
	defer c.idle()
	numbers, failed := c.pulls(bounded)
	switch {
	case failed != nil:
		return 0, c.explain(failed)
	case len(numbers) == 0:
		return 0, fmt.Errorf("%s: %w", s.name, ErrSuperseded)
	case len(numbers) > 1:
		return 0, fmt.Errorf("%s: there are %d: %v; name one by its number", s.name, len(numbers), numbers)
	}
	return numbers[0], nil
}

// pulls are the numbers of the open pull requests whose head is the commit.
func (c *client) pulls(ctx context.Context) ([]int, *failure) {
	var numbers []int
	options := &github.PullRequestListOptions{State: "open", ListOptions: github.ListOptions{PerPage: perPage}}
	failed := c.pages(ctx, "list pull requests", func(ctx context.Context, at cursor) (*github.Response, func(), error) {
		options.Page = at.page
		found, response, err := c.github.PullRequests.List(ctx, c.owner, c.name, options)
		return response, func() {
			for _, pull := range found {
				if pull.GetHead().GetSHA() == c.options.Commit {
					numbers = append(numbers, pull.GetNumber())
				}
			}
		}, present(found != nil, err)
	})
	slices.Sort(numbers) // pages shift while they are read: one may come twice
	return slices.Compact(numbers), failed
}
