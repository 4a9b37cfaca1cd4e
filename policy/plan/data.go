package plan

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
)

// moves are workloads that go on elsewhere than their data are, or keep less of
// them. Data that end with their claim are reported as that.
func moves(steps []apitype.StepEventMetadata, ended []Change) []Change {
	var changes []Change
	for _, step := range steps {
		if step.Old == nil || step.New == nil {
			continue
		}
		add := func(why, loses string) {
			changes = append(changes, Change{Resource: named(*step.Old), URN: step.URN, Kind: config.WaiveData, Why: why, Loses: loses})
		}
		now := mounts(*step.New)
		for _, old := range mounts(*step.Old) {
			if slices.ContainsFunc(ended, func(c Change) bool { return c.Resource == strings.SplitN(old.place, ",", 2)[0] }) {
				continue
			}
			if why := old.moved(now); why != "" {
				add(why, "it begins with what is there, and nobody reads what is in the old place: copy the data there while it is stopped")
			}
		}
		if why := otherNodes(*step.Old, *step.New); why != "" {
			add(why, "the folder of another node is another: copy the data there while it is stopped")
		}
		keepsLess(*step.Old, *step.New, add)
	}
	return changes
}

// moved tells where data were, and where they are looked for; empty where that
// is the same.
func (m mount) moved(now []mount) string {
	elsewhere := ""
	for _, other := range now {
		switch {
		case other.at == m.at && strings.Contains(other.place, Unknown):
			return "" // the claim is new or replaced, and reported as that
		case other.at == m.at && other.place == m.place:
			if other.container != m.container {
				return ""
			}
			return m.toldOtherwise(other)
		case other.place == m.place:
			elsewhere = fmt.Sprintf("container %s: %s is at %s → at %s", m.container, m.place, m.at, other.at)
		case other.at == m.at && other.container == m.container && elsewhere == "":
			elsewhere = fmt.Sprintf("container %s: at %s is %s → %s", m.container, m.at, m.place, other.place)
		}
	}
	if elsewhere == "" {
		elsewhere = fmt.Sprintf("container %s: at %s is %s → nothing that stays", m.container, m.at, m.place)
	}
	return elsewhere
}

// toldOtherwise tells of a container that has its data where it had them, and is
// told to look elsewhere, or to keep none.
func (m mount) toldOtherwise(now mount) string {
	if !slices.Equal(m.below, now.below) {
		return fmt.Sprintf("container %s: below %s it is told of %s → %s", m.container, m.at, listed(m.below), listed(now.below))
	}
	if key := differs(m.settings, now.settings); key != "" {
		return fmt.Sprintf("container %s: %s %s → %s", m.container, key, listed([]string{m.settings[key]}), listed([]string{now.settings[key]}))
	}
	return ""
}

func listed(texts []string) string {
	if joined := strings.Join(texts, ", "); joined != "" {
		return joined
	}
	return "nothing"
}

// spoken is what a container is given in its environment and in its command, a
// word each; scripts are no words.
func spoken(container any) []string {
	var words []string
	for _, one := range items(container, "env") {
		words = append(words, text(one, "value"))
	}
	for _, word := range slices.Concat(items(container, "command"), items(container, "args")) {
		if word, _ := word.(string); !strings.Contains(word, "\n") {
			words = append(words, strings.FieldsFunc(word, func(r rune) bool { return r == ' ' || r == '=' })...)
		}
	}
	return words
}

// within are the words that are paths in a folder.
func within(words []string, folder string) []string {
	var found []string
	for _, word := range words {
		if word = path.Clean(word); word == folder || strings.HasPrefix(word, strings.TrimSuffix(folder, "/")+"/") {
			found = append(found, word)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// storing are the settings of data servers that say whether and where they keep
// their data: of Redis, NATS, PostgreSQL, MySQL and MongoDB.
var storing = []string{"dir", "appendonly", "appendfilename", "appenddirname", "dbfilename", "save", "store_dir", "data_directory", "datadir", "dbpath"}

// settingsOf reads them off words.
func settingsOf(words []string) map[string]string {
	found := map[string]string{}
	for i, word := range words {
		if key := strings.TrimRight(strings.TrimLeft(word, "-"), ":="); i+1 < len(words) && slices.Contains(storing, key) {
			found[key] = strings.Trim(words[i+1], `"';`)
		}
	}
	return found
}

// differs is the first setting that does. Of what Redis saves now and then
// matters only whether it does, and only where it does not write all down.
func differs(old, now map[string]string) string {
	for _, key := range storing {
		same := old[key] == now[key]
		if key == "save" {
			same = (old[key] == "") == (now[key] == "") || now["appendonly"] == "yes"
		}
		if !same {
			return key
		}
	}
	return ""
}

// otherNodes reports whether the pods of a workload whose data are in a folder of
// their node may come to others.
func otherNodes(old, now apitype.StepEventStateMetadata) string {
	if !slices.ContainsFunc(mounts(old), func(m mount) bool { return strings.HasSuffix(m.place, " of the node") }) {
		return ""
	}
	before, _ := podOf(old)
	after, _ := podOf(now)
	for _, key := range []string{"nodeName", "nodeSelector", "affinity"} {
		if a, b := at(before, key), at(after, key); !reflect.DeepEqual(a, b) {
			return fmt.Sprintf("%s %s → %s", key, written(a), written(b))
		}
	}
	return ""
}

func written(value any) string {
	text, err := json.Marshal(value)
	if err != nil || value == nil {
		return "nothing"
	}
	return string(text)
}

// days says how long something is kept.
var days = regexp.MustCompile(`(?i)keep|retention|retain`)

// keepsLess adds the numbers of a workload with data that say how much it keeps
// and that shrink.
func keepsLess(old, now apitype.StepEventStateMetadata, add func(why, loses string)) {
	if len(mounts(old)) == 0 {
		return
	}
	after := environment(now)
	for name, value := range environment(old) {
		before, err := strconv.ParseFloat(value, 64)
		kept, none := strconv.ParseFloat(after[name], 64)
		if days.MatchString(name) && err == nil && none == nil && kept < before {
			add(fmt.Sprintf("%s %s → %s", name, value, after[name]), "what is older than that is deleted: copy what you want to keep")
		}
	}
}

// environment is all that the containers of a workload are given, by name.
func environment(state apitype.StepEventStateMetadata) map[string]string {
	pod, _ := podOf(state)
	all := map[string]string{}
	for _, container := range items(pod, "containers") {
		for _, one := range items(container, "env") {
			all[text(one, "name")] = text(one, "value")
		}
	}
	return all
}
