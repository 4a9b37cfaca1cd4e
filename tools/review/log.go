package review

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

// engineLog is what a log of events tells.
type engineLog struct {
	steps    []apitype.StepEventMetadata // in the engine's order
	policies []apitype.PolicyEvent
	pack     string // version of the platform's policy pack
	errors   []string
	summary  *apitype.SummaryEvent // nil where the log ends before the preview
	events   int
	awaited  map[string]bool // resources whose refresh has begun and not ended
	broken   string          // why reading ended before the log did
}

// packName is that of the platform's own policy pack.
const packName = "platform"

// readLog reads a log to its end, or to the first line that is not an event.
func readLog(in io.Reader, view View) (*engineLog, error) {
	log := &engineLog{awaited: map[string]bool{}}
	lines := bufio.NewReaderSize(in, 1<<20)
	for {
		line, ended := lines.ReadBytes('\n')
		if ended != nil && !errors.Is(ended, io.EOF) {
			return nil, fmt.Errorf("log of events: %w", ended)
		}
		switch {
		case len(bytes.TrimSpace(line)) == 0:
		case ended == nil && idle(line, view): // without its end it is no event
			log.events++
		default:
			if err := log.read(line, view); err != nil {
				log.broken = fmt.Sprintf("the log of events is no JSON from event %d on", log.events+1) // not in the decoder's words: they may quote a value
			}
		}
		if ended != nil || log.broken != "" {
			return log, nil //nolint:nilerr // the end is none
		}
	}
}

// read reads a line that is an event.
func (l *engineLog) read(line []byte, view View) error {
	var event leanEvent
	if err := json.Unmarshal(line, &event); err != nil {
		return err
	}
	return l.add(event, view)
}

// add takes what an event tells; an error where it is none.
func (l *engineLog) add(event leanEvent, view View) error {
	switch {
	case event.ResourcePreEvent != nil && event.ResourcePreEvent.Metadata.Op == apitype.OpRefresh:
		l.awaited[event.ResourcePreEvent.Metadata.URN] = true
	case event.ResourcePreEvent != nil && view != ViewDrift:
		step, err := event.ResourcePreEvent.Metadata.whole()
		if err != nil {
			return err
		}
		l.steps = append(l.steps, step)
	case event.ResOutputsEvent != nil && view == ViewDrift && l.awaited[event.ResOutputsEvent.Metadata.URN]:
		step, err := event.ResOutputsEvent.Metadata.whole()
		if err != nil {
			return err
		}
		delete(l.awaited, step.URN)
		l.steps = append(l.steps, refreshed(step))
	case event.PolicyEvent != nil:
		l.policies = append(l.policies, *event.PolicyEvent)
		l.seen(event.PolicyEvent.PolicyPackName, event.PolicyEvent.PolicyPackVersion)
	case event.PolicyAnalyzeSummaryEvent != nil:
		l.seen(event.PolicyAnalyzeSummaryEvent.PolicyPackName, event.PolicyAnalyzeSummaryEvent.PolicyPackVersion)
	case event.DiagnosticEvent != nil && event.DiagnosticEvent.Severity == "error":
		l.errors = append(l.errors, event.DiagnosticEvent.Message)
	case event.ErrorEvent != nil:
		l.errors = append(l.errors, event.ErrorEvent.Error)
	case event.SummaryEvent != nil:
		l.summary = event.SummaryEvent
	}
	l.events++
	return nil
}

// refreshed is what a refresh found, as the operation that would have done it:
// pulumi preview --refresh itself does not say.
func refreshed(step apitype.StepEventMetadata) apitype.StepEventMetadata {
	switch {
	case step.Op != apitype.OpRefresh:
	case step.New == nil:
		step.Op = apitype.OpDelete
	case len(step.DetailedDiff) > 0:
		step.Op = apitype.OpUpdate
	default:
		step.Op = apitype.OpSame
	}
	return step
}

func (l *engineLog) seen(pack, version string) {
	if pack == packName {
		l.pack = version
	}
}

// kubernetesProvider is the type of the provider of Kubernetes.
const kubernetesProvider = "pulumi:providers:kubernetes"

func (l *engineLog) versions() map[string]string {
	versions := map[string]string{}
	if l.pack != "" {
		versions["policy"] = l.pack
	}
	for _, step := range l.steps {
		if step.Type == kubernetesProvider && step.New != nil {
			if version, _ := step.New.Inputs["version"].(string); version != "" {
				versions["kubernetes"] = version
			}
		}
	}
	return versions
}

// refused is what the engine says where a preview failed, beside why.
const refused = "preview failed"

// complete reports whether the log is one of a preview that came to its end, or to
// a refusal of the policy pack or of the engine, and of nothing else.
func (l *engineLog) complete(found []Finding) bool {
	if l.summary == nil || l.broken != "" {
		return false
	}
	return l.summary.Result == apitype.OperationResultSucceeded || l.summary.Result == "" || len(l.reasons(found)) == 0
}

// whole reports whether everything that changes is in the log.
func (l *engineLog) whole(found []Finding) bool { return l.complete(found) && !l.stopped() }

// refuses reports whether the policy pack or the engine refuses the plan.
func (l *engineLog) refuses(found []Finding) bool {
	return anyMandatory(found) || len(l.protections()) > 0
}

// reasons are the errors of the log, each once; not that it failed where the
// plan is refused, for findings and risks say why.
func (l *engineLog) reasons(found []Finding) []string {
	var said []string
	seen := map[string]bool{}
	for _, text := range l.errors {
		text = readable(text)
		if text == "" || seen[text] || protection.MatchString(text) || text == refused && l.refuses(found) {
			continue
		}
		seen[text], said = true, append(said, text)
	}
	if len(said) == 0 && l.summary != nil && l.summary.Result != "" && l.summary.Result != apitype.OperationResultSucceeded && !l.refuses(found) {
		said = append(said, "the preview "+string(l.summary.Result)+" and the log does not say why; run make preview")
	}
	return said
}

// error is why there is no whole plan; empty where there is, and where all that
// is missing is what a refusal kept from being planned. What the command said
// at its end counts only where findings and risks do not say it better.
func (l *engineLog) problem(failure string, found []Finding) string {
	var said []string
	refusal := l.complete(found) && l.refuses(found)
	if failure = readable(failure); failure != "" && !refusal {
		said = append(said, failure)
	}
	for _, reason := range l.reasons(found) {
		if !strings.Contains(failure, reason) {
			said = append(said, reason)
		}
	}
	const again = "; run the preview again with --event-log and hand over its whole file"
	switch {
	case l.broken != "":
		said = append(said, l.broken+again)
	case l.events == 0:
		said = append(said, "the log of events is empty"+again)
	case l.summary == nil:
		said = append(said, "the log of events ends before the preview did"+again)
	}
	return strings.Join(said, "\n")
}

// readable is a text without colors and control characters, and without empty
// lines around it. Lines stay.
func readable(text string) string {
	text = escapes.ReplaceAllString(colors.Never.Colorize(text), "")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1 // what turns the direction of a text round is among them
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}
