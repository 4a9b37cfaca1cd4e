package post

import (
	"context"
	"fmt"

	"github.com/google/go-github/v89/github"
)

// perPage is the most that GitHub gives of a list at once.
const perPage = 100

// entry is a comment or an issue of ours.
type entry struct {
	id  int64 // of an issue its number
	url string
	content
}

// content is what a comment or an issue says.
type content struct {
	title  string // of an issue
	body   string
	closed bool // of an issue
}

// store holds entries: the comments of one pull request, or the issues of a
// repository.
type store interface {
	list(context.Context) ([]entry, error) // ours, in any order
	create(context.Context, content) (entry, error)
	edit(context.Context, entry, content) error
	retire(context.Context, entry) error // one too many
}

// comments are those of a pull request.
type comments struct{ *client }

func (c comments) list(ctx context.Context) ([]entry, error) {
	var ours []entry
	options := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: perPage}}
	for comment, err := range c.Issues.ListCommentsIter(ctx, c.owner, c.name, c.options.Pull, options) {
		if err != nil {
			return nil, fmt.Errorf("list comments: %w", err)
		}
		if c.ours(comment.GetBody(), comment.GetUser()) {
			ours = append(ours, commentEntry(comment))
		}
	}
	return ours, nil
}

func (c comments) create(ctx context.Context, text content) (entry, error) {
	comment, _, err := c.Issues.CreateComment(once(ctx), c.owner, c.name, c.options.Pull, &github.IssueComment{Body: &text.body})
	return commentEntry(comment), done("create the comment", err, comment.GetID() > 0)
}

func (c comments) edit(ctx context.Context, e entry, text content) error {
	comment, _, err := c.Issues.EditComment(ctx, c.owner, c.name, e.id, &github.IssueComment{Body: &text.body})
	return done("edit the comment", err, comment.GetID() > 0)
}

func (c comments) retire(ctx context.Context, e entry) error {
	_, err := c.Issues.DeleteComment(ctx, c.owner, c.name, e.id)
	return done("delete a second comment", err, true)
}

func commentEntry(comment *github.IssueComment) entry {
	return entry{id: comment.GetID(), url: comment.GetHTMLURL(), content: content{body: comment.GetBody()}}
}

// issues are those of a repository.
type issues struct{ *client }

// list skips pull requests, which GitHub lists among the issues.
func (i issues) list(ctx context.Context) ([]entry, error) {
	var ours []entry
	options := &github.IssueListByRepoOptions{State: "all", Creator: i.author, ListOptions: github.ListOptions{PerPage: perPage}}
	for issue, err := range i.Issues.ListByRepoIter(ctx, i.owner, i.name, options) {
		if err != nil {
			return nil, fmt.Errorf("list issues: %w", err)
		}
		if !issue.IsPullRequest() && i.ours(issue.GetBody(), issue.GetUser()) {
			ours = append(ours, issueEntry(issue))
		}
	}
	return ours, nil
}

func (i issues) create(ctx context.Context, text content) (entry, error) {
	issue, _, err := i.Issues.Create(once(ctx), i.owner, i.name, &github.IssueRequest{Title: &text.title, Body: &text.body})
	return issueEntry(issue), done("open the issue", err, issue.GetNumber() > 0)
}

// edit checks what GitHub kept: of an issue's body that is too long it keeps the
// old one and says nothing (https://github.com/objectstack-ai/objectstack/issues/18793).
func (i issues) edit(ctx context.Context, e entry, text content) error {
	request := &github.IssueRequest{Title: &text.title, Body: &text.body}
	switch {
	case text.closed && !e.closed:
		request.State, request.StateReason = github.Ptr("closed"), github.Ptr("completed")
	case !text.closed && e.closed:
		request.State, request.StateReason = github.Ptr("open"), github.Ptr("reopened")
	}
	issue, _, err := i.Issues.Edit(ctx, i.owner, i.name, int(e.id), request)
	if err == nil && issue.GetBody() == e.body && text.body != e.body {
		return fmt.Errorf("edit the issue: %w", errKept)
	}
	return done("edit the issue", err, issue.GetNumber() > 0)
}

// retire closes an issue, as issues cannot be deleted.
func (i issues) retire(ctx context.Context, e entry) error {
	issue, _, err := i.Issues.Edit(ctx, i.owner, i.name, int(e.id), &github.IssueRequest{State: github.Ptr("closed"), StateReason: github.Ptr("not_planned")})
	return done("close a second issue", err, issue.GetNumber() > 0)
}

func issueEntry(issue *github.Issue) entry {
	return entry{
		id: int64(issue.GetNumber()), url: issue.GetHTMLURL(),
		content: content{title: issue.GetTitle(), body: issue.GetBody(), closed: issue.GetState() == "closed"},
	}
}

// done returns the error of an action. An answer without what was written is
// one, too.
func done(action string, err error, there bool) error {
	if err == nil {
		err = present(there)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return nil
}
