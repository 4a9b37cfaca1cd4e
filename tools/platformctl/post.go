package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"platform/tools/review"
	"platform/tools/review/page"
	"platform/tools/review/post"
	"platform/tools/toolchain"
)

func (c *commentFlags) newPost(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "post [FILE|FOLDER]...", Short: "Post what review wrote as the one comment on a pull request",
		Long: `Post what review wrote as the one comment of a pull request: the first run creates it,
later ones edit it, and an older run does not overwrite a newer one's. The token is read
from the environment alone and may write pull requests.

The comment needs the plan of every stack that this checkout deploys, once, at the
commit that is named. A stack without one is reported as failed, and all are if the
files are refused; then the command ends with an error, too. Plans against a cluster
are taken from branches of this repository alone.`,
		Example: `  platformctl comment post --repository owner/name --commit $HEAD sections
  platformctl comment post --repository owner/name --commit $HEAD --pull 12 dev.json prod.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts, err := c.options(cmd)
			if err != nil {
				return err
			}
			if c.head != "" && !repositoryForm.MatchString(c.head) {
				return fmt.Errorf("head-repository %q: is not owner/name", c.head)
			}
			if opts.Pull == 0 {
				opts.Pull, err = post.PullOf(cmd.Context(), opts)
			}
			if errors.Is(err, post.ErrSuperseded) {
				fmt.Fprintln(cmd.ErrOrStderr(), err) // nobody would read it, and nothing is wrong
				return nil
			}
			if err != nil {
				return err
			}
			views := []review.View{review.ViewChange}
			if c.head == c.repository {
				views = append(views, review.ViewCluster)
			}
			sections, refused, err := c.handed(f, args, views...)
			if err != nil {
				return err
			}
			body, err := c.body(sections, c.key(), c.origin())
			if err != nil {
				return err
			}
			url, err := post.Post(cmd.Context(), opts, body)
			return errors.Join(written(cmd, url, err), refused)
		},
	}
	c.target(cmd)
	cmd.Flags().StringVar(&c.commit, "commit", "", "head commit of the pull request")
	cmd.Flags().StringVar(&c.head, "head-repository", "", "repository on GitHub that the branch of the pull request is in, owner/name; empty is taken for a fork")
	cmd.Flags().StringVar(&c.run, "run", "", "run of the workflow that planned, ID.ATTEMPT: an older one does not overwrite a newer one's comment; empty means the run of this job")
	cmd.Flags().IntVar(&c.pull, "pull", 0, "number of the pull request; 0 means the one whose head the commit is")
	_ = cmd.MarkFlagRequired("commit")
	return explain(cmd, "", ofGitHub)
}

var repositoryForm = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)

// origin says whose code made the plans of a pull request.
func (c *commentFlags) origin() string {
	whose := "the pull request's own code"
	switch c.head {
	case "":
	case c.repository:
		whose += ", from a branch of this repository"
	default:
		whose += ", from the fork `" + c.head + "`"
	}
	return "\n<sub>Computed by " + whose + ": a change can alter what is told of it.</sub>\n"
}

func (c *commentFlags) newIssue(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use: "issue [FILE|FOLDER]...", Short: "Keep the one issue about drift: opened, edited, and closed when there is none",
		Long: `Keep the one issue about what drift found. It is opened if a cluster is not as it was
deployed, or if that is unknown, edited while that is so, and closed when every stack
that this checkout deploys is as it was deployed. The token is read from the environment
alone and may write issues.`,
		Example: "  platformctl comment issue --repository owner/name sections",
		RunE: func(cmd *cobra.Command, args []string) error {
			opts, err := c.options(cmd)
			if err != nil {
				return err
			}
			sections, refused, err := c.handed(f, args, review.ViewDrift, review.ViewCluster)
			if err != nil {
				return err
			}
			key := c.key() + " drift"
			opts.Key = page.Marker(key)
			body, err := c.body(sections, key, "")
			if err != nil {
				return err
			}
			url, err := post.Issue(cmd.Context(), opts, "Clusters are not as they were deployed", body, differs(sections))
			return errors.Join(written(cmd, url, err), refused)
		},
	}
	c.target(cmd)
	return explain(cmd, "", ofGitHub)
}

// handed are the sections that other jobs handed over: of every deployed stack
// that of the first view once, and those of the other views at most once. What
// is missing is a section that says so. Where something of them is refused,
// nothing of them is reported.
func (c *commentFlags) handed(f *flags, paths []string, views ...review.View) (sections []review.Section, refused, err error) {
	every := *f
	every.stack = everyStack
	root, err := toolchain.Root(f.root)
	if err != nil {
		return nil, nil, err
	}
	stacks, err := every.stacks(root)
	if err != nil {
		return nil, nil, err
	}
	why := "no plan of it came: its job ended before it wrote one, and its log says why"
	if sections, refused = readSections(paths); refused == nil {
		refused = c.accepted(sections, views)
	}
	if refused != nil {
		sections, why = nil, "what the jobs handed over was refused; the log of the job that tells this says why"
	}
	for _, stack := range stacks {
		if !slices.ContainsFunc(sections, func(s review.Section) bool { return s.Stack == stack && s.View == views[0] }) {
			sections = append(sections, review.Section{Format: review.Format, Stack: stack, View: views[0], Commit: c.commit, Time: time.Now().UTC(), Error: why})
		}
	}
	slices.SortStableFunc(sections, byStack)
	return sections, refused, nil
}

// accepted checks whether sections may be reported at all.
func (c *commentFlags) accepted(sections []review.Section, views []review.View) error {
	var problems []error
	type plan struct {
		stack string
		view  review.View
	}
	seen := map[plan]bool{}
	for _, s := range sections {
		problem := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("section of stack %q, view %q: "+format, append([]any{s.Stack, s.View}, args...)...))
		}
		if seen[plan{s.Stack, s.View}] {
			problem("is there twice; hand over the plan of each stack once")
		}
		seen[plan{s.Stack, s.View}] = true
		if !slices.Contains(views, s.View) {
			problem("is not taken here; what is: %v (a cluster's from branches of --repository alone, as --head-repository says)", views)
		}
		if c.commit != "" && s.Commit != c.commit {
			problem("is of commit %q in the place of %s; plan that one", s.Commit, c.commit)
		}
	}
	return errors.Join(problems...)
}

// differs reports whether a cluster drifted, or nobody knows whether it did.
func differs(sections []review.Section) bool {
	for _, s := range sections {
		if s.Error != "" || s.View == review.ViewDrift && len(s.Changes) > 0 {
			return true
		}
	}
	return false
}

func (c *commentFlags) target(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.repository, "repository", "", "repository on GitHub, owner/name")
	cmd.Flags().StringVar(&c.whole, "whole", "", "address of the whole text, for a text that is cut")
	_ = cmd.MarkFlagRequired("repository")
}

// options are where to write, as the environment of a workflow has it.
func (c *commentFlags) options(cmd *cobra.Command) (post.Options, error) {
	opts := post.Options{
		Repository: c.repository, Pull: c.pull, Token: os.Getenv(post.EnvToken), API: os.Getenv("GITHUB_API_URL"),
		Key: page.Marker(c.key()), Commit: c.commit, Out: cmd.ErrOrStderr(),
	}
	run := c.run
	if run == "" && os.Getenv("GITHUB_RUN_ID") != "" {
		run = os.Getenv("GITHUB_RUN_ID") + "." + os.Getenv("GITHUB_RUN_ATTEMPT")
	}
	if run == "" {
		return opts, nil
	}
	id, attempt, _ := strings.Cut(run, ".")
	var problems [2]error
	opts.Run.ID, problems[0] = strconv.ParseInt(id, 10, 64)
	opts.Run.Attempt, problems[1] = strconv.ParseInt(attempt, 10, 64)
	if errors.Join(problems[:]...) != nil {
		return opts, fmt.Errorf("run %q: is not ID.ATTEMPT; give both numbers with --run", run)
	}
	return opts, nil
}
