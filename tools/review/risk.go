package review

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/config"
	"platform/policy/pack"
	"platform/policy/plan"
	"platform/policy/reach/objects"
)

// risks are what the plan ends that holds data or an address: as up checks it,
// and beside it the databases whose claims stay. A rename without an alias is
// one, too: the object is made, and then deleted.
func risks(all []*planned, steps []apitype.StepEventMetadata, waivers []config.Waiver) []Risk {
	var found []Risk
	for _, rename := range plan.Renames(steps) {
		found = append(found, Risk{
			Object: rename.Resource, Op: OpDelete, Refused: true, Why: "it has another name in the program, and no alias",
			Loses: fmt.Sprintf("it is made as %s and then deleted as %s, whoever depends on it included", lastOf(rename.To), lastOf(rename.From)),
			Until: "the new one has the old name as an alias",
		})
	}
	for _, end := range plan.Changes(ending(all, steps), waivers) {
		if !about(found, end.Resource) {
			found = append(found, Risk{
				Object: end.Resource, Op: endings[end.Kind], Why: end.Why, Loses: end.Loses, Waived: end.Waived, Refused: end.Waived == "",
			})
		}
	}
	claims := append([]Risk{}, found...)
	for _, one := range all {
		loses, holds := database(one, claims)
		if holds && !about(found, one.title()) {
			found = append(found, Risk{Object: one.title(), Op: one.op, Why: strings.Join(one.forces(), ", "), Loses: loses})
		}
	}
	return found
}

// happened are risks of what the cluster did by itself: no waiver is asked for.
func happened(found []Risk) []Risk {
	for i := range found {
		found[i].Refused = false
	}
	return found
}

var endings = map[config.WaiverKind]Op{
	config.WaiveDelete: OpDelete, config.WaiveReplace: OpReplace, config.WaiveUpgrade: OpUpdate, config.WaiveData: OpUpdate, config.WaiveAddress: OpUpdate,
}

func about(found []Risk, object string) bool {
	return slices.ContainsFunc(found, func(r Risk) bool { return r.Object == object })
}

// ending are the steps, and one more for each resource whose replacement an
// earlier run began: its end is one as any other.
func ending(all []*planned, steps []apitype.StepEventMetadata) []apitype.StepEventMetadata {
	steps = slices.Clone(steps)
	for _, one := range all {
		if one.op == OpDelete && one.deletedFirst {
			steps = append(steps, apitype.StepEventMetadata{Op: apitype.OpDelete, URN: one.urn, Type: one.kind, Old: one.old})
		}
	}
	return steps
}

// database tells what ends with a workload that keeps its data in a claim or in
// a folder of its node: PostgreSQL, Redis, NATS and GFS do. false where it keeps
// none, or stays.
func database(one *planned, ends []Risk) (string, bool) {
	if one.op != OpDelete && one.op != OpReplace || one.old == nil || !slices.Contains([]string{"Deployment", "DaemonSet", "ReplicaSet"}, one.shortKind()) {
		return "", false
	}
	only := objectsOf("", []*planned{one}, stateBefore)
	kept, err := objects.Safely(func() ([]string, error) { return keeps(only.Objects[0], ends), nil })
	if err != nil || len(kept) == 0 {
		return "", false
	}
	return "what it serves stops; " + strings.Join(kept, ", "), true
}

// keeps tells where the pods of a workload keep data, and what becomes of
// them.
func keeps(o pack.Object, ends []Risk) []string {
	pod, _ := o.Pod()
	var kept []string
	for _, volume := range pod.Spec.At("volumes").Items() {
		if claim := volume.At("persistentVolumeClaim", "claimName").Text(); claim != "" {
			becomes := "stays"
			if about(ends, "PersistentVolumeClaim/"+o.Namespace()+"/"+claim) {
				becomes = "goes with its data"
			}
			kept = append(kept, fmt.Sprintf("its claim %s %s", claim, becomes))
		}
		folder := volume.At("hostPath")
		if folder.At("type").Is("", "Directory", "DirectoryOrCreate") && folder.At("path").Text() != "" && written(pod, volume.At("name").Text()) {
			kept = append(kept, fmt.Sprintf("its folder %s stays on the node", folder.At("path").Text()))
		}
	}
	return kept
}

// written reports whether a container mounts a volume to write to it.
func written(pod pack.Pod, volume string) bool {
	return slices.ContainsFunc(pod.Containers(), func(c pack.Container) bool {
		return slices.ContainsFunc(c.At("volumeMounts").Items(), func(m pack.Value) bool { return m.At("name").Is(volume) && !m.At("readOnly").True() })
	})
}
