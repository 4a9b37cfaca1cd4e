package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
)

// lists are databases and streams that are served no more, by what lists them,
// and settings of servers that say where their data are.
func lists(steps []apitype.StepEventMetadata) []Change {
	var changes []Change
	for _, step := range steps {
		if step.Old == nil || step.New == nil {
			continue
		}
		switch kindOf(step.Old.Type) {
		case "CronJob":
			changes = append(changes, dumpsAnother(step)...)
		case "ConfigMap":
			changes = append(changes, slices.Concat(databases(step), streams(step), serverSettings(step))...)
		}
	}
	return changes
}

const emptied = "the new one is empty, and the old one stays with its data, is served by nobody and dumped no more: dump the old one and restore it into the new one"

// dumpsAnother is the database that a CronJob dumps no more.
func dumpsAnother(step apitype.StepEventMetadata) []Change {
	old, now := environment(*step.Old)["PGDATABASE"], environment(*step.New)["PGDATABASE"]
	if old == "" || old == now {
		return nil
	}
	return []Change{database(step, old, fmt.Sprintf("%s dumps %s → %s", named(*step.Old), old, listed([]string{now})), emptied)}
}

func database(step apitype.StepEventMetadata, name, why, loses string) Change {
	resource := "Database/" + text(step.Old.Inputs, "metadata", "namespace") + "/" + name
	return Change{Resource: resource, URN: step.URN, Kind: config.WaiveData, Why: why, Loses: loses}
}

// databases are those that a script makes or a program uses, and that are left.
func databases(step apitype.StepEventMetadata) []Change {
	var changes []Change
	now := owners(*step.New)
	for _, old := range owners(*step.Old) {
		at := slices.IndexFunc(now, func(o owned) bool { return o.database == old.database })
		switch {
		case at < 0:
			var names []string
			for _, one := range now {
				names = append(names, one.database)
			}
			changes = append(changes, database(step, old.database, fmt.Sprintf("databases %s without %s", listed(names), old.database), emptied))
		case now[at].role != old.role:
			changes = append(changes, database(step, old.database, fmt.Sprintf("owner %s → %s", old.role, now[at].role),
				"its tables stay with the old owner, and the new one may not read them: run REASSIGN OWNED in it, as the superuser, right after it"))
		}
	}
	if old, now := text(step.Old.Inputs, "data", "DATABASE_NAME"), text(step.New.Inputs, "data", "DATABASE_NAME"); old != now && old != "" {
		changes = append(changes, database(step, old, fmt.Sprintf("DATABASE_NAME %s → %s", old, listed([]string{now})), emptied))
	}
	return changes
}

// owned is a database and the role that owns it.
type owned struct{ database, role string }

// assigned is a line of a script for psql that gives a name to a variable.
var assigned = regexp.MustCompile(`^\\set (role|database) '(.*)'$`)

// owners are the databases that a script makes.
func owners(state apitype.StepEventStateMetadata) []owned {
	var all []owned
	said := map[string]string{}
	for _, line := range lines(state) {
		if found := assigned.FindStringSubmatch(line); found != nil {
			said[found[1]] = found[2]
		}
		if strings.HasPrefix(line, "ALTER DATABASE ") && strings.Contains(line, " OWNER TO ") {
			all = append(all, owned{said["database"], said["role"]})
		}
	}
	return all
}

// streams are those of NATS that are made no more, or that a subject is taken
// from.
func streams(step apitype.StepEventMetadata) []Change {
	var changes []Change
	now := subjects(*step.New)
	old := subjects(*step.Old)
	for _, name := range slices.Sorted(maps.Keys(old)) {
		resource := "Stream/" + text(step.Old.Inputs, "metadata", "namespace") + "/" + name
		add := func(why, loses string) {
			changes = append(changes, Change{Resource: resource, URN: step.URN, Kind: config.WaiveData, Why: why, Loses: loses})
		}
		kept, stays := now[name]
		if !stays {
			add(fmt.Sprintf("streams %s without %s", listed(slices.Sorted(maps.Keys(now))), name),
				"a new server keeps nothing of it, and on this one nobody looks after it any more: read its messages first, then delete the stream by hand")
			continue
		}
		gone := slices.DeleteFunc(slices.Clone(old[name]), func(subject string) bool { return slices.Contains(kept, subject) })
		if len(gone) > 0 {
			add(fmt.Sprintf("subjects %s → %s", listed(old[name]), listed(kept)), "what is sent to "+listed(gone)+" is kept no more: see that nobody sends it")
		}
	}
	return changes
}

// subjects are those of each stream that a list has, a line each: the name, and
// the request that makes it.
func subjects(state apitype.StepEventStateMetadata) map[string][]string {
	all := map[string][]string{}
	for _, line := range lines(state) {
		name, request, _ := strings.Cut(line, " ")
		var stream struct {
			Name     string   `json:"name"`
			Subjects []string `json:"subjects"`
		}
		if json.Unmarshal([]byte(request), &stream) == nil && stream.Name == name && name != "" {
			all[name] = stream.Subjects
		}
	}
	return all
}

// serverSettings tells of a server whose file says that it keeps its data
// elsewhere, or not at all.
func serverSettings(step apitype.StepEventMetadata) []Change {
	old, now := fileSettings(*step.Old), fileSettings(*step.New)
	key := differs(old, now)
	if key == "" {
		return nil
	}
	return []Change{{
		Resource: named(*step.Old), URN: step.URN, Kind: config.WaiveData,
		Why:   fmt.Sprintf("%s %s → %s", key, listed([]string{old[key]}), listed([]string{now[key]})),
		Loses: "the server that reads it keeps its data elsewhere or not at all, and begins with what is there: copy the data first, or turn it on by the server's own command",
	}}
}

func fileSettings(state apitype.StepEventStateMetadata) map[string]string {
	found := map[string]string{}
	for _, line := range lines(state) {
		words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' || r == '=' })
		if len(words) > 0 {
			maps.Copy(found, settingsOf(words[:min(len(words), 2)]))
		}
	}
	return found
}

// lines are those of all texts of a ConfigMap.
func lines(state apitype.StepEventStateMetadata) []string {
	data, _ := at(state.Inputs, "data").(map[string]any)
	var all []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		value, _ := data[key].(string)
		all = append(all, strings.Split(value, "\n")...)
	}
	return all
}
