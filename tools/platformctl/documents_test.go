package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kballard/go-shellquote"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	mdast "github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	mdparser "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"platform/policy/secret"
)

const checkout = "../.."

// TestDocumentedCommandsExist tries what pages, and texts of the program, tell
// people to run, as far as it goes without running it: the command is there,
// and takes these variables or flags.
func TestDocumentedCommandsExist(t *testing.T) {
	for at, commands := range map[string]map[string][]string{"pages": commandsOfPages(t), "texts": commandsOfSources(t)} {
		total := 0
		for place, lines := range commands {
			for _, line := range lines {
				total++
				assert.NoError(t, exists(t, line), "%s: %s", place, line)
			}
		}
		assert.Greater(t, total, 30, at)
		t.Logf("%d commands in %s", total, at)
	}
	for _, wrong := range []string{"make upp", "make up SERVICE=x", "make logs SERVICE=", "platformctl revieww", "platformctl review --vew cluster"} {
		require.Error(t, exists(t, wrong), wrong)
	}
}

// exists is an error where a command line is not one of ours.
func exists(t *testing.T, line string) error {
	t.Helper()
	words, err := shellquote.Split(line)
	if err != nil {
		return err
	}
	program, words := words[0], words[1:]
	if program == "make" {
		values := map[string]string{}
		var names []string
		target := ""
		for _, word := range words {
			if name, value, is := strings.Cut(word, "="); is {
				names, values[name] = append(names, name), value
			} else if !strings.HasPrefix(word, "-") {
				target = word
			}
		}
		if target == "help" || target == "unit" { // these take nothing
			return nil
		}
		if words, err = commandLine(target, names, func(name string) (string, bool) { value, is := values[name]; return value, is }); err != nil {
			return err
		}
		if targets[target].command == nil {
			return nil
		}
	}
	command, rest, err := newRoot(secret.NewKnown()).Find(words)
	if err != nil {
		return err
	}
	if command.HasSubCommands() && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return cobra.NoArgs(command, rest)
	}
	return command.ParseFlags(rest)
}

// ourCommand begins a command of this project, on a line of a shell or in a sentence.
var (
	ourCommand = regexp.MustCompile(`(?:^|[\s(;&|])(?:bin/)?(make|platformctl) ((?:-[a-zA-Z]+ )*[a-z][a-z0-9-]*)((?:'[^']*'|"[^"]*"|[^;&|()'"])*)`)
	ourWords   = regexp.MustCompile(`^(?: (?:-{1,2}[a-zA-Z][a-z-]*(?:[= ](?:'[^']*'|"[^"]*"|[^-\s"']\S*))?|[A-Z_]+=(?:'[^']*'|"[^"]*"|\S+)))*`)
	subCommand = regexp.MustCompile(`^ [a-z][a-z-]+`)
	verbs      = regexp.MustCompile(`%(?:\[\d+\])?[a-zA-Z]`)
)

// commandsIn are the commands of this project in a text of code.
func commandsIn(code string) []string {
	var found []string
	code = verbs.ReplaceAllString(strings.ReplaceAll(code, " …", ""), "x")
	for line := range strings.Lines(code) {
		line, _, _ = strings.Cut(line, "  #")
		for _, match := range ourCommand.FindAllStringSubmatch(line, -1) {
			program, name, rest := match[1], match[2], strings.TrimRight(match[3], " \n")
			if program == "platformctl" {
				name += subCommand.FindString(rest)
				rest = strings.TrimPrefix(rest, subCommand.FindString(rest))
			}
			words := strings.TrimRight(ourWords.FindString(rest), ",.:`")
			found = append(found, program+" "+name+words)
		}
	}
	return found
}

// textOf is what stands in a part of a page.
func textOf(n mdast.Node, source []byte) string {
	var out strings.Builder
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		if piece, is := child.(*mdast.Text); is {
			out.Write(piece.Value(source))
		} else {
			out.WriteString(textOf(child, source))
		}
	}
	return out.String()
}

// parsed is a page, and its text.
func parsed(t *testing.T, path string) (mdast.Node, []byte) {
	t.Helper()
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(mdparser.WithAutoHeadingID()))
	return markdown.Parser().Parse(text.NewReader(source)), source
}

// pages are the README and what stands in docs.
func pages(t *testing.T) []string {
	t.Helper()
	found := []string{filepath.Join(checkout, "README.md")}
	for _, pattern := range []string{"docs/*.md", "docs/decisions/*.md"} {
		more, err := filepath.Glob(filepath.Join(checkout, pattern))
		require.NoError(t, err)
		found = append(found, more...)
	}
	require.Greater(t, len(found), 20)
	return found
}

// commandsOfPages are what the pages show as code, by page. A decision tells of its
// day, so it may name what is gone.
func commandsOfPages(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, page := range pages(t) {
		if filepath.Base(filepath.Dir(page)) == "decisions" {
			continue
		}
		root, source := parsed(t, page)
		require.NoError(t, mdast.Walk(root, func(n mdast.Node, entering bool) (mdast.WalkStatus, error) {
			var code strings.Builder
			switch n := n.(type) {
			case *mdast.FencedCodeBlock:
				if language := string(n.Language(source)); language != "sh" && language != "" {
					return mdast.WalkContinue, nil
				}
				for i := range n.Lines().Len() {
					line := n.Lines().At(i)
					code.Write(line.Value(source))
				}
			case *mdast.CodeSpan:
				code.WriteString(textOf(n, source))
			}
			if entering {
				found[page] = append(found[page], commandsIn(code.String())...)
			}
			return mdast.WalkContinue, nil
		}))
	}
	return found
}

// eachLiteral calls with each text of the program, and its file.
func eachLiteral(t *testing.T, call func(path, value string)) {
	t.Helper()
	for _, folder := range []string{"components", "config", "policy", "stacks", "tools"} {
		require.NoError(t, filepath.WalkDir(filepath.Join(checkout, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if literal, is := n.(*ast.BasicLit); is && literal.Kind == token.STRING {
					if value, err := strconv.Unquote(literal.Value); err == nil {
						call(path, value)
					}
				}
				return true
			})
			return nil
		}))
	}
}

// literals are all texts of the program.
func literals(t *testing.T) []string {
	t.Helper()
	var all []string
	eachLiteral(t, func(_, value string) { all = append(all, value) })
	return all
}

// commandsOfSources are what texts of the program name, by file. Without one
// of our targets behind it, make is a word of English there.
func commandsOfSources(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	eachLiteral(t, func(path, value string) {
		for _, command := range commandsIn(value) {
			_, known := targets[strings.Fields(command)[1]]
			if known || strings.Contains(command, "=") || strings.HasPrefix(command, "platformctl") && !strings.HasPrefix(command, "platformctl of") {
				found[path] = append(found[path], command)
			}
		}
	})
	return found
}

// TestLinksLead follows the links between pages, to the heading.
func TestLinksLead(t *testing.T) {
	headings := map[string]map[string]bool{}
	headingsOf := func(page string) map[string]bool {
		if headings[page] == nil {
			headings[page] = map[string]bool{}
			root, _ := parsed(t, page)
			require.NoError(t, mdast.Walk(root, func(n mdast.Node, _ bool) (mdast.WalkStatus, error) {
				if heading, is := n.(*mdast.Heading); is {
					id, _ := heading.AttributeString("id")
					headings[page][string(id.([]byte))] = true
				}
				return mdast.WalkContinue, nil
			}))
		}
		return headings[page]
	}
	total := 0
	for _, page := range pages(t) {
		root, _ := parsed(t, page)
		require.NoError(t, mdast.Walk(root, func(n mdast.Node, entering bool) (mdast.WalkStatus, error) {
			var to string
			switch n := n.(type) {
			case *mdast.Link:
				to = string(n.Destination)
			case *mdast.Image:
				to = string(n.Destination)
			}
			if !entering || to == "" || strings.Contains(to, "://") {
				return mdast.WalkContinue, nil
			}
			total++
			path, heading, _ := strings.Cut(to, "#")
			target := page
			if path != "" {
				target = filepath.Join(filepath.Dir(page), path)
			}
			if _, err := os.Stat(target); assert.NoError(t, err, "%s leads to %s", page, to) && heading != "" {
				assert.True(t, headingsOf(target)[heading], "%s leads to %s, and there is no such heading", page, to)
			}
			return mdast.WalkContinue, nil
		}))
	}
	assert.Greater(t, total, 50)
}

// foreignMessages are quoted in the pages and printed by others: the engine, the
// providers, Kubernetes, PostgreSQL, git and the system.
var foreignMessages = []string{
	"the stack is currently locked by 1 lock(s)", "failed to load checkpoint", "unexpected end of JSON input", "signal: killed",
	"--yes or --skip-preview or --preview-only must be passed in", "PULUMI_ACCESS_TOKEN must be set for login", "no stack named",
	"cannot be deleted because it is protected", "server-side apply field conflict", "conflict with", "already exists", "exceeded quota",
	"Duplicate value", "field can not be less than status.capacity", "password authentication failed", "connection refused", "timed out", "Service gateway", "jobs.batch", "replicaset", ".status.loadBalancer.ingress",
}

// placeholder stands for what differs from one message to the next: a capital
// letter, an ellipsis, an example in quotes, a number or a path of settings.
var placeholder = regexp.MustCompile("(?:^|[^A-Za-z])[A-Z](?:$|[^A-Za-z])|…|\"[^\"]*\"|\\b[0-9]+\\b")

// TestQuotedMessagesAreSaid looks in the program for each message that the
// tables of troubleshooting quote, so that who searches a page for what a command
// has printed finds it.
func TestQuotedMessagesAreSaid(t *testing.T) {
	said := literals(t)
	total := 0
	for _, page := range []string{"docs/troubleshooting.md", "docs/secrets.md"} {
		root, source := parsed(t, filepath.Join(checkout, page))
		require.NoError(t, mdast.Walk(root, func(n mdast.Node, entering bool) (mdast.WalkStatus, error) {
			row, is := n.(*east.TableRow)
			if !is || !entering {
				return mdast.WalkContinue, nil
			}
			header, is := row.Parent().FirstChild().(*east.TableHeader)
			if !is || textOf(header.FirstChild(), source) != "Message" {
				return mdast.WalkSkipChildren, nil
			}
			return mdast.WalkSkipChildren, mdast.Walk(row.FirstChild(), func(n mdast.Node, entering bool) (mdast.WalkStatus, error) {
				if span, is := n.(*mdast.CodeSpan); is && entering {
					total++
					message := textOf(span, source)
					for _, part := range placeholder.Split(message, -1) {
						if part = strings.Trim(part, " :;,.()"); len(part) > 8 {
							assert.True(t, isSaid(said, part), "%s quotes %q, and nobody says %q", page, message, part)
						}
					}
				}
				return mdast.WalkContinue, nil
			})
		}))
	}
	assert.Greater(t, total, 60)
	require.False(t, isSaid(said, "nobody would ever say this"))
}

// isSaid reports whether a text of the program holds a part of a message, or the
// part holds what stands between two placeholders of the text.
func isSaid(said []string, part string) bool {
	for _, text := range slices.Concat(foreignMessages, said) {
		for _, piece := range verbs.Split(text, -1) {
			if piece = strings.Trim(piece, " :;,.()"); len(piece) > 8 && (strings.Contains(piece, part) || strings.Contains(part, piece)) {
				return true
			}
		}
	}
	return false
}
