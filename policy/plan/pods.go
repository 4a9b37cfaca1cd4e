package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"platform/policy/pack"
)

// Unknown stands in the engine's events for what is known after the deployment.
const Unknown = plugin.UnknownStringValue

// mount is where a container has data that outlive its pod.
type mount struct {
	container string
	image     string
	at        string // path in the container
	place     string // such as PersistentVolumeClaim/core/data, or folder /data of the node
	settings  map[string]string
	below     []string // paths of the data that its environment and its arguments name
}

// mounts are those of the pods of a workload that it writes to.
func mounts(state apitype.StepEventStateMetadata) []mount {
	pod, runs := podOf(state)
	if !runs {
		return nil
	}
	places := placesOf(state, pod)
	var all []mount
	for _, container := range slices.Concat(items(pod, "initContainers"), items(pod, "containers")) {
		said := spoken(container)
		for _, one := range items(container, "volumeMounts") {
			place, keeps := places[text(one, "name")]
			if !keeps || at(one, "readOnly") == true {
				continue
			}
			if sub := text(one, "subPath"); sub != "" {
				place += ", " + sub + " in it"
			}
			where := path.Clean(text(one, "mountPath"))
			all = append(all, mount{
				container: text(container, "name"), image: text(container, "image"), at: where, place: place,
				settings: settingsOf(said), below: within(said, where),
			})
		}
	}
	return all
}

func podOf(state apitype.StepEventStateMetadata) (any, bool) {
	way, runs := pack.PodPaths[kindOf(state.Type)]
	if !runs {
		return nil, false
	}
	return at(state.Inputs, append(slices.Clone(way), "spec")...), true
}

// placesOf are the volumes of a pod that outlive it, by their names in it.
func placesOf(state apitype.StepEventStateMetadata, pod any) map[string]string {
	namespace := text(state.Inputs, "metadata", "namespace")
	places := map[string]string{}
	for _, volume := range items(pod, "volumes") {
		name := text(volume, "name")
		switch claim, folder := text(volume, "persistentVolumeClaim", "claimName"), text(volume, "hostPath", "path"); {
		case claim != "":
			places[name] = claimed(namespace, claim)
		case folder != "" && slices.Contains([]string{"", "Directory", "DirectoryOrCreate"}, text(volume, "hostPath", "type")):
			places[name] = "folder " + path.Clean(folder) + " of the node"
		case at(volume, "nfs") != nil:
			places[name] = fmt.Sprintf("folder %s of %s", path.Clean(text(volume, "nfs", "path")), text(volume, "nfs", "server"))
		case at(volume, "csi") != nil && at(volume, "csi", "readOnly") != true:
			places[name] = fmt.Sprintf("volume %v of %s", at(volume, "csi", "volumeAttributes"), text(volume, "csi", "driver"))
		}
	}
	for _, claim := range items(state.Inputs, "spec", "volumeClaimTemplates") {
		name := text(claim, "metadata", "name")
		places[name] = fmt.Sprintf("the claim %s of each pod", name)
	}
	return places
}

func claimed(namespace, claim string) string {
	return "PersistentVolumeClaim/" + namespace + "/" + claim
}

// at is a part of an object; nil where it is absent or another form than meant.
func at(value any, keys ...any) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		name, _ := key.(string)
		value = object[name]
	}
	return value
}

func text(value any, keys ...any) string {
	found, _ := at(value, keys...).(string)
	return found
}

func items(value any, keys ...any) []any {
	found, _ := at(value, keys...).([]any)
	return found
}
