package post

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// maxRounds is how often the list is looked at. One look, one write and one
// look more are the rule; each further round answers another job that wrote in
// between, or a creation whose answer was lost.
const maxRounds = 8

// content is what a comment or an issue says.
type content struct {
	title  string // of an issue
	body   string
	closed bool // of an issue
}

func (c content) run() Run {
	run, _ := stampOf(c.body)
	return run
}

// entry is a comment or an issue of ours.
type entry struct {
	id  int64 // number of an issue
	url string
	content
}

// store holds entries: the comments of one pull request, or the issues of a
// repository.
type store interface {
	list(context.Context) ([]entry, *failure) // ours, in any order
	create(context.Context, content) (entry, *failure)
	edit(context.Context, entry, content) *failure // of kind gone where there is none any more
	retire(context.Context, entry) *failure        // one too many; gone as above
}

// settlement is what settling knows between two looks.
type settlement struct {
	client *client
	store  store
	wanted content

	at      entry // what holds the text
	made    bool  // by us, and GitHub said so
	written bool  // by us: another text of the same run that is there since is another job's, and stands
	lost    uint  // creations whose answer was lost
	yielded bool  // to a newer run, and told
}

// settle brings a store to hold what is wanted, once, and gives its address.
func settle(ctx context.Context, c *client, s store, wanted content) (string, error) {
	all := settlement{client: c, store: s, wanted: wanted}
	for range maxRounds {
		done, failed := all.round(ctx)
		if failed != nil {
			return "", c.explain(failed)
		}
		if done {
			return c.clean(all.at.url), nil
		}
	}
	return "", fmt.Errorf("%s: others write it at the same time, and %d looks did not end in one; let the jobs that post belong to one concurrency group",
		c.subject.name, maxRounds)
}

// round looks and does what is to be done. Settling is done when there is
// nothing: every write is followed by another look, because another job may
// have written too.
func (s *settlement) round(ctx context.Context) (done bool, failed *failure) {
	ours, failed := s.store.list(ctx)
	if failed != nil {
		return false, failed
	}
	if len(ours) == 0 {
		return s.first(ctx)
	}
	slices.SortFunc(ours, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	s.at = ours[0]
	edited, failed := s.edit(ctx, s.text(ours))
	if failed != nil {
		return false, failed
	}
	retired, failed := s.retire(ctx, ours[1:])
	if failed != nil {
		return false, failed
	}
	return !edited && !retired, nil
}

// first makes the entry. One that was made and is not listed is not made again:
// lists lag behind, and somebody may have deleted it on purpose. One whose
// making got no answer is looked for before it is made again.
func (s *settlement) first(ctx context.Context) (done bool, failed *failure) {
	if s.wanted.closed || s.made {
		return true, nil
	}
	made, failed := s.store.create(ctx, s.wanted)
	switch {
	case failed == nil:
		s.at, s.made, s.written = made, true, true
		s.tell("created", made)
		return false, nil
	case !failed.lost:
		return false, failed
	}
	s.lost++
	return false, s.client.again(ctx, failed, s.lost)
}

// edit gives the oldest entry its text. Where it is gone meanwhile, the next
// look finds what there is.
func (s *settlement) edit(ctx context.Context, text content) (changed bool, failed *failure) {
	if s.at.content == text {
		if !s.written && !s.yielded {
			s.tell("says so already:", s.at)
		}
		return false, nil
	}
	failed = s.store.edit(ctx, s.at, text)
	switch {
	case failed == nil:
		s.written = true
		s.tell("edited", s.at)
	case failed.kind != gone:
		return false, failed
	}
	return true, nil
}

// retire leaves one entry of several.
func (s *settlement) retire(ctx context.Context, younger []entry) (changed bool, failed *failure) {
	for _, one := range younger {
		if one.closed {
			continue
		}
		if failed := s.store.retire(ctx, one); failed != nil && failed.kind != gone {
			return false, failed
		}
		changed = true
		s.tell("one too many, taken away:", one)
	}
	return changed, nil
}

// text is what the oldest entry has to say: what is wanted, or what one of
// them says already for a newer run.
func (s *settlement) text(ours []entry) content {
	best := s.wanted
	for i, one := range ours {
		if s.wanted.run() != (Run{}) && one.run().newer(best.run()) && (i == 0 || !one.closed) {
			best = one.content
		}
	}
	switch {
	case best.run() != s.wanted.run():
		s.yield(best)
		return best
	case s.written && s.at.run() == best.run(), // another job of this run wrote after us
		best.closed && s.at.closed: // its last edit says when it was closed
		return s.at.content
	}
	return best
}

func (s *settlement) yield(to content) {
	if s.yielded {
		return
	}
	s.yielded = true
	run, commit := stampOf(to.body)
	fmt.Fprintf(s.client.options.Out, "%s: left to run %s, which is newer and speaks of commit %.12s\n", s.client.subject.name, run, commit)
}

func (s *settlement) tell(what string, e entry) {
	fmt.Fprintf(s.client.options.Out, "%s: %s %s\n", s.client.subject.name, what, s.client.clean(e.url))
}
