package image

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"platform/config"
)

// consent brings platform:rollback up to date, which consents to the one tag
// that is set: it is written where the edit allows an older one, and taken out
// where it speaks of another, since configuration refuses a stale one. Images
// without a time in their tag have none; the reason is in the change's message.
func (e Edit) consent(content []byte, image string) (edited []byte, told string, err error) {
	_, tag := split(image)
	tag, _, _ = strings.Cut(tag, "@")
	_, timed := config.TagTime(image)
	file, err := parse(content)
	if err != nil {
		return nil, "", err
	}
	_, section := file.own(keyRollback)
	_, now := entry(section, e.Service)
	switch {
	case timed && e.AllowOlder != "" && now != nil && now.Value == tag:
		return content, "", nil // consented already; the reason that is there stays
	case timed && e.AllowOlder != "":
		edited, err = file.allow(e.Service, tag, e.AllowOlder)
		return edited, "consents to the older " + tag + ": " + e.AllowOlder, err
	case now != nil && now.Value != tag:
		edited, err = file.withdraw(e.Service)
		return edited, "its consent to " + now.Value + " is taken out", err
	}
	return content, "", nil
}

// allow writes the consent to a tag, with its reason as a comment.
func (d document) allow(service, tag, reason string) ([]byte, error) {
	key, section := d.own(keyRollback)
	line := fmt.Sprintf("%s: %q # %s", service, tag, reason)
	switch _, now := entry(section, service); {
	case key == nil:
		return d.addSection(line), nil
	case section.Kind == yaml.MappingNode && section.Style&yaml.FlowStyle != 0:
		return d.writeFlow(func(all []consent) []consent {
			all = slices.DeleteFunc(all, func(c consent) bool { return c.service == service })
			return append(all, consent{service, tag})
		}, service+": "+reason)
	case !isMapping(section) || len(section.Content) == 0:
		return nil, errByHand
	case now != nil:
		return d.rewriteLine(now, fmt.Sprintf("%q # %s", tag, reason))
	default:
		first, last := section.Content[0], section.Content[len(section.Content)-1]
		if _, _, err := span(d.content, last); err != nil {
			return nil, err
		}
		return insert(d.content, lineStart(d.content, last.Line+1), strings.Repeat(" ", first.Column-1)+line), nil
	}
}

// withdraw takes a consent out, and the section with the last one.
func (d document) withdraw(service string) ([]byte, error) {
	key, section := d.own(keyRollback)
	at, value := entry(section, service)
	if section.Style&yaml.FlowStyle != 0 {
		return d.writeFlow(func(all []consent) []consent {
			return slices.DeleteFunc(all, func(c consent) bool { return c.service == service })
		}, "")
	}
	if _, _, err := span(d.content, value); err != nil || at.Line != value.Line {
		return nil, errByHand
	}
	from := at.Line
	if len(section.Content) == 2 {
		from = key.Line
	}
	return slices.Concat(d.content[:lineStart(d.content, from)], d.content[lineStart(d.content, at.Line+1):]), nil
}

// consent is one entry of the section.
type consent struct{ service, tag string }

// writeFlow writes a section in braces again, all on its line, and a comment
// behind it. An empty one goes with its line.
func (d document) writeFlow(change func([]consent) []consent, comment string) ([]byte, error) {
	key, section := d.own(keyRollback)
	var all []consent
	for name, tag := range entries(section) {
		all = append(all, consent{name.Value, tag.Value})
	}
	start, end := offset(d.content, section), lineStart(d.content, key.Line+1)
	line := d.content[start:end]
	closes := bytes.IndexByte(line, '}')
	if section.Line != key.Line || closes < 0 {
		return nil, errByHand
	}
	if all = change(all); len(all) == 0 {
		return slices.Concat(d.content[:lineStart(d.content, key.Line)], d.content[end:]), nil
	}
	texts := make([]string, len(all))
	for i, c := range all {
		texts[i] = fmt.Sprintf("%s: %q", c.service, c.tag)
	}
	behind := strings.TrimRight(string(line[closes+1:]), "\r\n")
	newline := line[closes+1+len(behind):]
	switch {
	case comment == "":
	case strings.TrimSpace(behind) == "":
		behind = " # " + comment
	default:
		behind += "; " + comment
	}
	return slices.Concat(d.content[:start], []byte("{"+strings.Join(texts, ", ")+"}"+behind), newline, d.content[end:]), nil
}

// rewriteLine writes the rest of a line again, from a scalar on.
func (d document) rewriteLine(at *yaml.Node, text string) ([]byte, error) {
	start, _, err := span(d.content, at)
	if err != nil {
		return nil, err
	}
	end := start + len(bytes.TrimRight(d.content[start:lineStart(d.content, at.Line+1)], "\r\n"))
	return slices.Concat(d.content[:start], []byte(text), d.content[end:]), nil
}

// addSection writes the section at the end of the configuration: in front of
// what follows it in the file, and of the comments that belong to that.
func (d document) addSection(line string) []byte {
	indent := strings.Repeat(" ", d.config.Content[0].Column-1)
	at := len(d.content)
	for key := range entries(d.top) {
		if start := lineStart(d.content, key.Line); key.Line > d.config.Line && start < at {
			at = start
		}
	}
	for at < len(d.content) && at > 0 {
		above := bytes.LastIndexByte(d.content[:at-1], '\n') + 1
		if text := bytes.TrimSpace(d.content[above:at]); len(text) > 0 && text[0] != '#' {
			break
		}
		at = above
	}
	return insert(d.content, at, indent+config.Namespace+":"+keyRollback+": # older images that are meant", indent+indent+line)
}

// insert puts whole lines in at an offset, with the line ends of the file.
func insert(content []byte, at int, lines ...string) []byte {
	newline := "\n"
	if bytes.Contains(content, []byte("\r\n")) {
		newline = "\r\n"
	}
	var text strings.Builder
	if at > 0 && content[at-1] != '\n' {
		text.WriteString(newline) // the last line has no end
	}
	for _, line := range lines {
		text.WriteString(line + newline)
	}
	return slices.Concat(content[:at], []byte(text.String()), content[at:])
}
