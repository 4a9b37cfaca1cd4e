package mutation

import "platform/policy/pack"

const groupStorage = "storage"

var (
	claimKinds  = []string{"PersistentVolumeClaim"}
	volumeKinds = []string{"PersistentVolume"}
)

var storage = []Operator{
	{Group: groupStorage, Name: "the claim", Kinds: claimKinds},
	{Group: groupStorage, Name: "storageClassName", Kinds: claimKinds, At: "spec storageClassName", Do: []Change{removed, set(""), set("nobodys")}},
	{Group: groupStorage, Name: "accessModes", Kinds: claimKinds, At: "spec accessModes", Do: []Change{replaced([]any{"ReadWriteMany"})}},
	{Group: groupStorage, Name: "volumeName", Kinds: claimKinds, At: "spec volumeName", Do: []Change{set("another")}},
	{Group: groupStorage, Name: "size", Kinds: claimKinds, At: "spec resources requests storage", Do: []Change{removed, set("100Ti")}},
	{Group: groupStorage, Name: "reclaim policy", Kinds: volumeKinds, At: "spec persistentVolumeReclaimPolicy", Do: []Change{removed, set("Delete")}},
	{Group: groupStorage, Name: "reclaim policy", Kinds: []string{"StorageClass"}, At: "reclaimPolicy", Do: []Change{removed, set("Delete")}},
	{Group: groupStorage, Name: "claim of a volume", Kinds: pack.PodKinds, At: "pod spec volumes * persistentVolumeClaim claimName", Do: []Change{replaced("nobodys")}},
	{Group: groupStorage, Name: "retention", Kinds: []string{"StatefulSet"}, At: "spec persistentVolumeClaimRetentionPolicy", Do: []Change{set(map[string]any{"whenDeleted": "Delete", "whenScaled": "Delete"})}},
}
