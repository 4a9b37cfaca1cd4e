package post

import (
	"context"

	"github.com/google/go-github/v89/github"
)

// perPage is the most that GitHub gives of a list at once.
const perPage = 100

// comments are those of a pull request.
type comments struct {
	*client
	author string
}

// list goes through all pages. GitHub keeps at most 2,500 comments of a pull
// request, so there are at most 25.
func (c *comments) list(ctx context.Context) ([]entry, *failure) {
	var ours []entry
	options := &github.IssueListCommentsOptions{ListOptions: github.ListOptions{PerPage: perPage}}
	failed := c.pages(ctx, "list comments", func(ctx context.Context, at cursor) (*github.Response, func(), error) {
		options.Page = at.page
		found, response, err := c.github.Issues.ListComments(ctx, c.owner, c.name, c.options.Pull, options)
		return response, func() {
			for _, comment := range found {
				if c.ours(comment.GetBody(), comment.GetUser(), c.author) {
					ours = append(ours, commentEntry(comment))
				}
			}
		}, present(found != nil, err)
	})
	return ours, failed
}

// create must not be repeated without a look.
func (c *comments) create(ctx context.Context, text content) (made entry, failed *failure) {
	failed = c.call(ctx, action{name: "create the comment", once: true}, func(ctx context.Context) (*github.Response, error) {
		comment, response, err := c.github.Issues.CreateComment(ctx, c.owner, c.name, c.options.Pull, &github.IssueComment{Body: &text.body})
		made = commentEntry(comment)
		return response, present(comment.GetID() > 0, err)
	})
	return made, failed
}

func (c *comments) edit(ctx context.Context, e entry, text content) *failure {
	return c.call(ctx, action{name: "edit the comment", on: true}, func(ctx context.Context) (*github.Response, error) {
		edited, response, err := c.github.Issues.EditComment(ctx, c.owner, c.name, e.id, &github.IssueComment{Body: &text.body})
		return response, present(edited.GetID() > 0, err)
	})
}

func (c *comments) retire(ctx context.Context, e entry) *failure {
	return c.call(ctx, action{name: "delete a second comment", on: true}, func(ctx context.Context) (*github.Response, error) {
		return c.github.Issues.DeleteComment(ctx, c.owner, c.name, e.id)
	})
}

func commentEntry(comment *github.IssueComment) entry {
	return entry{id: comment.GetID(), url: comment.GetHTMLURL(), content: content{body: comment.GetBody()}}
}
