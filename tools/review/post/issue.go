package post

import (
	"context"

	"github.com/google/go-github/v89/github"
)

// issues are those of a repository.
type issues struct {
	*client
	author string
}

// list goes through all pages of what the account opened. GitHub lists pull
// requests among issues; they are no issues of ours. Of a long list it gives
// further pages to who comes with a cursor only, which it hands out with each
// page (https://github.com/google/go-github/issues/3565).
func (i *issues) list(ctx context.Context) ([]entry, *failure) {
	var ours []entry
	options := &github.IssueListByRepoOptions{State: "all", Creator: i.author, ListOptions: github.ListOptions{PerPage: perPage}}
	failed := i.pages(ctx, "list issues", func(ctx context.Context, at cursor) (*github.Response, func(), error) {
		options.ListOptions.Page, options.After = at.page, at.after
		found, response, err := i.github.Issues.ListByRepo(ctx, i.owner, i.name, options)
		return response, func() {
			for _, issue := range found {
				if !issue.IsPullRequest() && i.ours(issue.GetBody(), issue.GetUser(), i.author) {
					ours = append(ours, issueEntry(issue))
				}
			}
		}, present(found != nil, err)
	})
	return ours, failed
}

// create must not be repeated without a look.
func (i *issues) create(ctx context.Context, text content) (made entry, failed *failure) {
	failed = i.call(ctx, action{name: "open the issue", once: true}, func(ctx context.Context) (*github.Response, error) {
		issue, response, err := i.github.Issues.Create(ctx, i.owner, i.name, &github.IssueRequest{Title: &text.title, Body: &text.body})
		made = issueEntry(issue)
		return response, present(issue.GetNumber() > 0, err)
	})
	return made, failed
}

// edit looks at what GitHub kept: of an issue's body that is too long it keeps
// the old one and says nothing (https://github.com/objectstack-ai/objectstack/issues/18793).
func (i *issues) edit(ctx context.Context, e entry, text content) *failure {
	request := &github.IssueRequest{Title: &text.title, Body: &text.body}
	if text.closed != e.closed {
		request.State, request.StateReason = state(text.closed)
	}
	var kept entry
	failed := i.call(ctx, action{name: "edit the issue", on: true}, func(ctx context.Context) (*github.Response, error) {
		issue, response, err := i.github.Issues.Edit(ctx, i.owner, i.name, int(e.id), request)
		kept = issueEntry(issue)
		return response, present(issue.GetNumber() > 0, err)
	})
	if failed == nil && kept.body == e.body && text.body != e.body {
		return &failure{kind: ignored}
	}
	return failed
}

// retire closes what cannot be deleted.
func (i *issues) retire(ctx context.Context, e entry) *failure {
	return i.call(ctx, action{name: "close a second issue", on: true}, func(ctx context.Context) (*github.Response, error) {
		closed, response, err := i.github.Issues.Edit(ctx, i.owner, i.name, int(e.id), &github.IssueRequest{State: github.Ptr("closed"), StateReason: github.Ptr("not_planned")})
		return response, present(closed.GetNumber() > 0, err)
	})
}

func state(closed bool) (state, reason *string) {
	if closed {
		return github.Ptr("closed"), github.Ptr("completed")
	}
	return github.Ptr("open"), github.Ptr("reopened")
}

func issueEntry(issue *github.Issue) entry {
	return entry{
		id: int64(issue.GetNumber()), url: issue.GetHTMLURL(),
		content: content{title: issue.GetTitle(), body: issue.GetBody(), closed: issue.GetState() == "closed"},
	}
}
