// Package post writes the comment of a pull request and the issue of the
// nightly check to GitHub: one of each, made once and edited ever after.
package post

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// longestTitle is the most that GitHub takes for an issue's title, in
// characters: it refuses more with "title is too long (maximum is 256 characters)".
const longestTitle = 256

// Post writes a body as the one comment of a pull request that begins with the
// key and is by the account that posts: it makes the comment, edits it, or
// leaves it where it says the same already or is of a newer run. Where several
// jobs made one each, the oldest stays. The answer is the comment's page.
//
// The body begins with a line that is [Options.Key] and has at most [Limit]
// bytes. It is written whole or not at all.
//
// What GitHub offers has no condition on an edit, so of two jobs that edit
// within the same tenth of a second the older may be last; it is put right
// by the newer one if that still looks, and by the next run in any case. Jobs
// that belong to one concurrency group do not come that near.
//
// An error says what is wrong and what to do, and never holds the token. Where
// the context ended, errors.Is finds the context's error in it.
func Post(ctx context.Context, o Options, body string) (url string, err error) {
	o = o.withDefaults()
	faults := o.validate(body)
	if o.Pull < 1 {
		faults = errors.Join(fmt.Errorf("pull: %d is no pull request's number", o.Pull), faults)
	}
	if faults != nil {
		return "", faults
	}
	return run(ctx, o, o.pullSubject(), func(ctx context.Context, c *client) (string, error) {
		author, err := c.author(ctx)
		if err != nil {
			return "", err
		}
		return settle(ctx, c, &comments{client: c, author: author}, content{body: o.stamped(body)})
	})
}

// Issue writes a body as the one issue of a repository that begins with the
// key and is by the account that posts. With open it is made where there is
// none, edited, and opened again where somebody closed it. Without, it gets
// its last edit and is closed; where there is none, or it is closed already,
// nothing happens, and the answer may be empty. Pull is not read. For the rest
// it is as [Post]; of several issues the younger are closed, as issues cannot
// be deleted.
func Issue(ctx context.Context, o Options, title, body string, open bool) (url string, err error) {
	o = o.withDefaults()
	title = strings.TrimSpace(title) // as GitHub keeps it
	faults := o.validate(body)
	if title == "" || len([]rune(title)) > longestTitle || strings.ContainsFunc(title, unicode.IsControl) {
		faults = errors.Join(fmt.Errorf("title: %q is not one line of 1 to %d characters", title, longestTitle), faults)
	}
	if faults != nil {
		return "", faults
	}
	return run(ctx, o, o.issueSubject(), func(ctx context.Context, c *client) (string, error) {
		author, err := c.author(ctx)
		if err != nil {
			return "", err
		}
		return settle(ctx, c, &issues{client: c, author: author}, content{title: title, body: o.stamped(body), closed: !open})
	})
}

// run gives what is done its client and its deadline.
func run(ctx context.Context, o Options, subject subject, do func(context.Context, *client) (string, error)) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	c, err := newClient(ctx, o, subject)
	if err != nil {
		return "", err
	}
	defer c.idle()
	return do(bounded, c)
}
