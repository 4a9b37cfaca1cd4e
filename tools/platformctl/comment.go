package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"platform/config"
	"platform/policy/secret"
	"platform/tools/review"
	"platform/tools/review/page"
	"platform/tools/review/post"
	"platform/tools/review/scan"
)

// commentFlags are what the commands of comments take.
type commentFlags struct {
	known      *secret.Known
	base       string
	html       string
	markdown   string
	whole      string
	repository string
	head       string
	commit     string
	run        string
	pull       int
}

func newComment(f *flags) *cobra.Command {
	c := commentFlags{known: f.known}
	cmd := &cobra.Command{
		Use: "comment", Short: "Show what a change would do to stacks: here, as a page, or on its pull request", Args: cobra.NoArgs,
		Long: `Preview stacks and show what would happen to them: in the terminal, and with --html as a
page. With --base they are compared with the program of that revision, and neither a
cluster nor a source of secrets is asked; without, with what is deployed.`,
		Example: `  platformctl comment --stack prod --base origin/main --html comment.html
  platformctl comment --stack all --base v1.4.0`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sections, err := f.review(cmd, "", c.base)
			if err != nil {
				return err
			}
			if err := c.show(cmd, sections); err != nil {
				return err
			}
			return checked(sections)
		},
	}
	cmd.Flags().StringVar(&c.base, "base", "", "revision of git to compare with; empty means what is deployed")
	cmd.Flags().StringVar(&c.html, "html", "", "file to write a page for browsers to")
	cmd.Flags().StringVar(&c.markdown, "markdown", "", "file to write the comment to, as it would be posted")
	cmd.AddCommand(c.newShow(), c.newPost(f), c.newIssue(f))
	return explain(cmd, reviewing, append([][2]string{{"NO_COLOR", "no colors in the terminal"}}, ofClusters...))
}

func (c *commentFlags) newShow() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show FILE...", Short: "Show what review wrote", Args: cobra.MinimumNArgs(1),
		Long: "Show in the terminal what review or drift wrote, and with --html or --markdown as a page or\nas the comment. Nothing is planned, and nothing is posted.",
		Example: `  platformctl comment show prod.json
  platformctl comment show dev.json prod.json --html comment.html`,
		RunE: func(cmd *cobra.Command, args []string) error {
			sections, err := readSections(args)
			if err != nil {
				return err
			}
			return c.show(cmd, sections)
		},
	}
	cmd.Flags().StringVar(&c.html, "html", "", "file to write a page for browsers to")
	cmd.Flags().StringVar(&c.markdown, "markdown", "", "file to write the comment to, as it would be posted")
	cmd.Flags().StringVar(&c.whole, "whole", "", "address of the whole text, for a comment that is cut")
	return explain(cmd, "", [][2]string{{"NO_COLOR", "no colors in the terminal"}})
}

// key finds the comment again: one a repository and project.
func (c *commentFlags) key() string { return c.repository + " " + config.Namespace }

// body is what is posted under a key, with a last line and without secrets: a
// notice in its place where one is left in it.
func (c *commentFlags) body(sections []review.Section, key, last string) (string, error) {
	review.Redact(sections, c.known)
	text, err := page.Markdown(sections, page.Options{Key: key, Whole: c.whole, Limit: post.Limit - len(last)})
	if err != nil {
		return "", err
	}
	text += last
	if hits := scan.Find(text, c.known); len(hits) > 0 {
		return page.Notice(key, hits), nil
	}
	return text, nil
}

// printSections shows sections in the terminal, after the last scan for secrets.
func printSections(out io.Writer, sections []review.Section, known *secret.Known) {
	review.Redact(sections, known)
	var text strings.Builder
	page.Text(&text, sections, width(out), colored(out))
	_, _ = io.WriteString(out, known.Clean(text.String()))
}

func (c *commentFlags) show(cmd *cobra.Command, sections []review.Section) error {
	out := cmd.OutOrStdout()
	printSections(out, sections, c.known)
	if c.markdown != "" {
		text, err := c.body(sections, config.Namespace, "")
		if err != nil {
			return err
		}
		if err := writeFile(cmd, c.markdown, text); err != nil {
			return err
		}
	}
	if c.html == "" {
		return nil
	}
	text, err := page.HTML(sections, page.Options{Key: config.Namespace, Whole: c.whole})
	if err != nil {
		return err
	}
	if hits := scan.Find(text, c.known); len(hits) > 0 {
		return fmt.Errorf("page: holds what looks like a secret, and was not written: %v", hits)
	}
	return writeFile(cmd, c.html, text)
}

func writeFile(cmd *cobra.Command, path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "written:", path)
	return nil
}

// written prints where it was written.
func written(cmd *cobra.Command, url string, err error) error {
	if err == nil && url != "" {
		fmt.Fprintln(cmd.OutOrStdout(), url)
	}
	return err
}

// colored reports whether an output is a terminal that shows colors.
func colored(out io.Writer) bool {
	file, is := out.(*os.File)
	return is && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd()))
}
