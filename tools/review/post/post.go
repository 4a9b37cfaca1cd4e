// Package post writes the comment of a pull request and the issue of the
// nightly check to GitHub: one of each, made once and edited from then on.
package post

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// longestTitle is the most that GitHub takes for an issue's title, in
// characters: it refuses more with "title is too long (maximum is 256 characters)".
const longestTitle = 256

// looks is how often the list is read: once before and once after a write, and
// again for each other job that writes in between.
const looks = 8

// ErrSuperseded reports that no open pull request has the commit as its head: it
// was closed, or somebody pushed. The run of the newer head comments.
var ErrSuperseded = errors.New("no open pull request has this head; it was closed, or has a newer head whose own run comments")

// Post writes a body as the one comment of a pull request that begins with the
// key and is by the account that posts: it creates the comment, edits it, or
// leaves it if it says the same already or is of a newer run. If several jobs
// created one each, the oldest stays. Post returns the address of the comment.
//
// The body begins with a line that is [Options.Key] and has at most [Limit]
// bytes. It is written whole or not at all.
//
// GitHub has no conditional edit, so of two jobs that edit within the same
// tenth of a second the older may be last. The newer one repairs that if it
// still looks, and the next run in any case. Jobs of one concurrency group do
// not come that near.
//
// An error says what is wrong and what to do, and never holds the token. If the
// context ended, errors.Is finds the context's error in it.
func Post(ctx context.Context, o Options, body string) (url string, err error) {
	o = o.withDefaults()
	problems := o.validate(body)
	if o.Pull < 1 {
		problems = errors.Join(fmt.Errorf("pull: %d is not the number of a pull request", o.Pull), problems)
	}
	if problems != nil {
		return "", problems
	}
	s := subject{name: fmt.Sprintf("comment on %s#%d", o.Repository, o.Pull), of: "such a pull request", permission: "pull-requests: write"}
	err = run(ctx, o, s, func(ctx context.Context, c *client) (err error) {
		url, err = c.settle(ctx, comments{c}, content{body: o.stamped(body)})
		return err
	})
	return url, err
}

// Issue writes a body as the one issue of a repository that begins with the key
// and is by the account that posts. If open is set, the issue is created, edited,
// and opened again if somebody closed it. If not, it gets its last edit and is
// closed; if there is none, or it is closed already, nothing happens, and the
// address may be empty. Pull is not read. Of several issues the younger are
// closed. For the rest Issue is as [Post].
func Issue(ctx context.Context, o Options, title, body string, open bool) (url string, err error) {
	o = o.withDefaults()
	title = strings.TrimSpace(title) // as GitHub keeps it
	problems := o.validate(body)
	if title == "" || len([]rune(title)) > longestTitle || strings.ContainsFunc(title, unicode.IsControl) {
		problems = errors.Join(fmt.Errorf("title: %q is not one line of 1 to %d characters", title, longestTitle), problems)
	}
	if problems != nil {
		return "", problems
	}
	s := subject{name: "issue of " + o.Repository, of: "issues turned on", permission: "issues: write"}
	err = run(ctx, o, s, func(ctx context.Context, c *client) (err error) {
		url, err = c.settle(ctx, issues{c}, content{title: title, body: o.stamped(body), closed: !open})
		return err
	})
	return url, err
}

// PullOf returns the number of the open pull request whose head is
// [Options.Commit], for a job that knows only that: one that starts when another
// workflow has run is told of no pull request from a fork, and what that
// workflow wrote is not to be trusted. It returns an error if there is none
// ([ErrSuperseded]), or more than one.
//
// It reads all open pull requests: GitHub's list of those that belong to a
// commit is empty for a commit that only a fork has
// (https://github.com/learningequality/kolibri/pull/14719).
func PullOf(ctx context.Context, o Options) (number int, err error) {
	o = o.withDefaults()
	problems := o.validate(o.Key)
	if o.Commit == "" {
		problems = errors.Join(errors.New("commit: is missing; name the head of the pull request"), problems)
	}
	if problems != nil {
		return 0, problems
	}
	s := subject{name: fmt.Sprintf("pull request of %s with the head %s", o.Repository, o.Commit), of: "pull requests", permission: "pull-requests: read"}
	var numbers []int
	err = run(ctx, o, s, func(ctx context.Context, c *client) (err error) {
		numbers, err = c.pulls(ctx)
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case len(numbers) == 0:
		return 0, fmt.Errorf("%s: %w", s.name, ErrSuperseded)
	case len(numbers) > 1:
		return 0, fmt.Errorf("%s: there are %d: %v; name one by its number", s.name, len(numbers), numbers)
	}
	return numbers[0], nil
}

// run calls do with a client and a deadline, and explains its error.
func run(ctx context.Context, o Options, s subject, do func(context.Context, *client) error) error {
	c, err := newClient(o, s)
	if err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.explain(ctx, do(bounded, c))
}

// settle makes a store hold what is wanted, once, and returns its address. It
// reads the list again after every write, because another job may have written
// too.
func (c *client) settle(ctx context.Context, s store, wanted content) (url string, err error) {
	if c.author, err = c.viewer(ctx); err != nil {
		return "", err
	}
	created, written := false, false
	var lost error // of a creation without an answer
	for range looks {
		ours, err := s.list(ctx)
		if err != nil {
			return "", err
		}
		if len(ours) == 0 {
			// What was created and is not listed is not created again: lists lag
			// behind, and somebody may have deleted it on purpose.
			if created || wanted.closed {
				return c.clean(url), nil
			}
			made, err := s.create(ctx, wanted)
			if err == nil {
				url, created, written = made.url, true, true
				c.tell("created", made.url)
			} else if lost = err; !unsure(err) {
				return "", err
			}
			continue
		}
		slices.SortFunc(ours, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
		url = ours[0].url
		changed, err := c.edit(ctx, s, ours, wanted, written)
		if err != nil {
			return "", err
		}
		if !changed {
			return c.clean(url), nil
		}
		written = true
	}
	return "", cmp.Or(lost, errUnsettled)
}

// edit gives the oldest entry its text and retires the others. It reports
// whether it had to.
func (c *client) edit(ctx context.Context, s store, ours []entry, wanted content, written bool) (changed bool, err error) {
	oldest, text := ours[0], newest(ours, wanted)
	switch {
	case written && runOf(oldest.body) == runOf(text.body), // another job of this run wrote after us
		text.closed && oldest.closed, // the last edit says when it was closed
		oldest.content == text:
		if !written && text == wanted {
			c.tell("says so already:", oldest.url)
		}
	default:
		if err := s.edit(ctx, oldest, text); err != nil && !gone(err) { // what is gone is created after the next look
			return false, err
		}
		c.tell("edited", oldest.url)
		changed = true
	}
	if text != wanted && !written {
		run, commit := stampOf(text.body)
		fmt.Fprintf(c.options.Out, "%s: left to run %s, which is newer and speaks of commit %.12s\n", c.subject.name, run, commit)
	}
	for _, one := range ours[1:] {
		if one.closed {
			continue
		}
		if err := s.retire(ctx, one); err != nil && !gone(err) {
			return false, err
		}
		c.tell("one too many, taken away:", one.url)
		changed = true
	}
	return changed, nil
}

// newest returns what the oldest entry has to say: what is wanted, or what one
// of the entries says already for a newer run.
func newest(ours []entry, wanted content) content {
	best := wanted
	for i, one := range ours {
		if runOf(wanted.body) != (Run{}) && runOf(one.body).newer(runOf(best.body)) && (i == 0 || !one.closed) {
			best = one.content
		}
	}
	return best
}

func (c *client) tell(what, url string) {
	fmt.Fprintf(c.options.Out, "%s: %s %s\n", c.subject.name, what, c.clean(url))
}
