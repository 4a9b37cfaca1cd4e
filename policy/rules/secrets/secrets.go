// Package secrets holds the rules about secrets: that none stands where
// everybody reads it, and that those which pods name are written.
package secrets

import (
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"platform/policy/pack"
	"platform/policy/secret"
)

// hooks are where a container runs commands or asks by HTTP beside its own.
var hooks = [][]any{{"livenessProbe"}, {"readinessProbe"}, {"startupProbe"}, {"lifecycle", "postStart"}, {"lifecycle", "preStop"}}

// Where most of these rules come from.
const (
	goodPractices = "https://kubernetes.io/docs/concepts/security/secrets-good-practices/"
	readByAll     = "is marked secret, and everybody who reads the object reads it"
	useASecret    = "keep the value in a Secret from the stack's secret source, and refer to it by secretKeyRef or a volume"
)

// judgedElsewhere are the kinds that have rules of their own, or may hold
// secrets.
var checkedElsewhere = append([]string{"ConfigMap", "Secret"}, pack.PodKinds...)

// waitFor has the provider wait for what a controller makes of an object.
const waitFor = "pulumi.com/waitFor"

// autoReload has the operator roll a workload after it has changed a Secret.
const autoReload = "secrets.infisical.com/auto-reload"

// operatorPage is where the operator's resources are described.
const operatorPage = "https://infisical.com/docs/integrations/platforms/kubernetes/overview"

// Kinds of objects that have others write a Secret.
const (
	operatorKind    = "InfisicalStaticSecret"
	certificateKind = "Certificate"
)

// certificateKeys are those that cert-manager writes.
var certificateKeys = []string{"ca.crt", "tls.crt", "tls.key"}

// Rules are all of this group, in the order of the list.
var Rules = pack.In(pack.Secrets, []pack.Rule{
	{
		Name: "env-holds-no-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a literal in env is in the program, in its state and in every description of the pod",
		Remedy:    useASecret,
		Reference: goodPractices,
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, c.At("env").Items(), func(variable pack.Value) {
				inClear(r, c, variable.At("name").Text(), variable.At("value"))
			})
		}),
	},
	{
		Name: "command-holds-no-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a command line is shown by every list of processes and every description of the pod",
		Remedy:    useASecret + "; a command takes a variable as $(NAME)",
		Reference: goodPractices,
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, commands(c), func(words pack.Value) { checkWords(c, words.Items(), r) })
			pack.Each(r, c, headers(c), func(header pack.Value) {
				inClear(r, c, header.At("name").Text(), header.At("value"))
			})
		}),
	},
	{
		Name: "config-map-holds-no-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityCritical,
		Reason:    "a ConfigMap is not encrypted at rest, and read by whoever may look at the namespace",
		Remedy:    useASecret,
		Reference: goodPractices,
		Kinds:     []string{"ConfigMap"},
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, o.At("data").Keys(), func(key string) { inClear(r, o, key, o.At("data", key)) })
			pack.Each(r, o, o.At("binaryData").Keys(), func(key string) {
				value := o.At("binaryData", key)
				if value.Secret() {
					r.Violated(o, value, readByAll)
					return
				}
				// What is no text is a picture or a keystore, in which any form may occur by chance.
				plain, err := base64.StdEncoding.DecodeString(value.Text())
				if why := secret.Look(key, string(plain)); err == nil && why != "" && !slices.Contains(plain, 0) {
					r.Violated(o, value, "%s, once decoded", why)
				}
			})
		},
	},
	{
		Name: "metadata-holds-no-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "labels and annotations are shown by every list, copied by controllers and sent to the monitoring",
		Remedy:    useASecret,
		Reference: goodPractices,
		Object: func(o pack.Object, r *pack.Report) {
			pack.Each(r, o, []pack.Value{o.At("metadata"), template(o)}, func(metadata pack.Value) {
				for _, field := range []string{"annotations", "labels"} {
					pack.Each(r, o, metadata.At(field).Keys(), func(key string) {
						inClear(r, o, path.Base(key), metadata.At(field, key))
					})
				}
			})
		},
	},
	// It checks what the rules for single places do not, such as custom
	// resources: there a name tells little, and forms alone count. What is not
	// known is passed over: any value may be so, and none of them is one that
	// somebody wrote.
	{
		Name: "object-holds-no-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "only Secrets are encrypted at rest and guarded by rights of their own",
		Remedy:    "have the object refer to a Secret, as its kind allows",
		Reference: goodPractices,
		Object: func(o pack.Object, r *pack.Report) {
			if o.Kind == "" || slices.Contains(checkedElsewhere, o.Kind) {
				return
			}
			for _, leaf := range o.At("spec").Leaves() {
				switch {
				case leaf.Secret():
					r.Violated(o, leaf, readByAll)
				case leaf.IsText():
					if what := secret.FormOf(leaf.Text()); what != "" {
						r.Violated(o, leaf, "looks like %s", what)
					}
				}
			}
		},
	},
	// It does not ask for files in the place of single variables: the images
	// of both platforms read their passwords from the environment.
	{
		Name: "env-takes-no-whole-secret", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "each key that is ever added to the Secret is given to the container, and may replace a variable that it reads",
		Remedy:    "take the keys that the container reads by secretKeyRef, or mount the Secret",
		Reference: goodPractices + "#restrict-secret-access-to-specific-containers",
		Kinds:     pack.PodKinds,
		Object: pack.OfContainers(func(c pack.Container, r *pack.Report) {
			pack.Each(r, c, c.At("envFrom").Items(), func(source pack.Value) {
				if secret := source.At("secretRef"); secret.Set() {
					r.Violated(c, secret, "takes every key of the Secret")
				}
			})
		}),
	},
	{
		Name: "pod-references-exist", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "a pod that names a Secret or ConfigMap that is not there, or a key that it has not, never starts",
		Remedy:    "name an object and a key that the stack writes, mark the reference optional, or list the Secret as provided",
		Reference: "https://kubernetes.io/docs/concepts/configuration/secret/#using-a-secret",
		Stack: pack.OfPods(func(s *pack.Stack, pod pack.Pod, r *pack.Report) {
			namespace := pod.Owner.At("metadata", "namespace").Text()
			provided := r.List("provided")
			pack.Each(r, pod, references(pod), func(ref reference) {
				if ref.optional || slices.Contains(provided, ref.name.Text()) {
					return
				}
				keys, found := written(s, namespace, ref)
				if !found {
					r.Violated(pod, ref.name, "is no %s of the stack", ref.kind)
					return
				}
				pack.Each(r, pod, ref.keys, func(key pack.Value) {
					if !slices.Contains(keys, key.Text()) {
						r.Violated(pod, key, "is no key of %s %s", ref.kind, ref.name.Text())
					}
				})
			})
		}),
		Parameters: map[string]any{"provided": []any{}}, // Secrets that somebody else writes
	},
	{
		Name: "operated-secret-names-source-and-target", Level: apitype.Mandatory, Severity: apitype.PolicySeverityHigh,
		Reason:    "the operator that is told half does nothing, or writes a Secret that no pod names and deletes it with its resource",
		Remedy:    "set infisicalAuthRef, sources with project, environment and absolute path, and targets with name, namespace, kind Secret and creationPolicy Orphan",
		Reference: operatorPage,
		Kinds:     []string{operatorKind},
		Object: func(o pack.Object, r *pack.Report) {
			spec := o.At("spec")
			needs(r, o, spec.At("infisicalAuthRef"), "name", "namespace")
			some(r, o, spec.At("sources"), func(source pack.Value) {
				needs(r, o, source, "projectId", "environmentSlug", "secretPath")
				if folder := source.At("secretPath"); folder.Set() && !strings.HasPrefix(folder.Text(), "/") {
					r.Violated(o, folder, "is not absolute")
				}
			})
			some(r, o, spec.At("targets"), func(target pack.Value) {
				needs(r, o, target, "name", "namespace")
				pack.Each(r, o, [][2]string{{"kind", "Secret"}, {"creationPolicy", "Orphan"}}, func(want [2]string) {
					if value := target.At(want[0]); !value.Is(want[1]) {
						r.Violated(o, value, "is not %s", want[1])
					}
				})
			})
		},
	},
	{
		Name: "operated-secret-is-awaited", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "a run that does not wait starts Jobs and pods before the operator has written their Secret, and ends well when it cannot",
		Remedy:    "set the annotation pulumi.com/waitFor to the operator's condition",
		Reference: "https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumi-kubernetes-annotations",
		Kinds:     []string{operatorKind},
		Object: func(o pack.Object, r *pack.Report) {
			if wait := o.At("metadata", "annotations", waitFor); wait.Text() == "" {
				r.Violated(o, wait, "is missing")
			}
		},
	},
	// It passes over what holds data: the operator would restart a
	// database's primary and replica at once, so these are rolled by hand.
	{
		Name: "operated-secret-reloads-its-readers", Level: apitype.Mandatory, Severity: apitype.PolicySeverityMedium,
		Reason:    "pods read a changed Secret at their next start, which without a trigger is at some outage",
		Remedy:    "set the annotation secrets.infisical.com/auto-reload to true on the workload",
		Reference: operatorPage,
		Stack: func(s *pack.Stack, r *pack.Report) {
			pack.Each(r, nil, s.Kinds("DaemonSet", "Deployment", "StatefulSet"), func(o pack.Object) {
				pod, _ := o.Pod()
				reload := o.At("metadata", "annotations", autoReload)
				if reload.Is("true") || holdsData(o, pod) {
					return
				}
				if ref, reads := pack.First(references(pod), func(ref reference) bool {
					_, writes := operated(s, o.At("metadata", "namespace").Text(), ref.name.Text())
					return ref.kind == "Secret" && !ref.pull && writes
				}); reads {
					r.Violated(o, reload, "is not true, and the operator writes %s", ref.name.Text())
				}
			})
		},
	},
})

// template is the metadata of the object's pods, where these are not its own.
// Unlike [pack.Object.Pod] it needs no labels.
func template(o pack.Object) pack.Value {
	switch o.Kind {
	case "CronJob":
		return o.At("spec", "jobTemplate", "spec", "template", "metadata")
	case "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet":
		return o.At("spec", "template", "metadata")
	}
	return pack.Value{}
}

// judgeWords checks the words of one command line. The one after a flag is its
// value, but where it is a flag itself.
func checkWords(c pack.Container, words []pack.Value, r *pack.Report) {
	flag := ""
	pack.Each(r, c, words, func(word pack.Value) {
		last := flag
		flag = "" // also where the word is not known
		flag = flagOf(word.Text())
		if strings.HasPrefix(word.Text(), "-") {
			last = ""
		}
		inClear(r, c, last, word)
	})
}

// commands are all command lines of a container.
func commands(c pack.Container) []pack.Value {
	all := []pack.Value{c.At("command"), c.At("args")}
	for _, hook := range hooks {
		all = append(all, c.At(hook...).At("exec", "command"))
	}
	return all
}

// headers are those that the kubelet sends.
func headers(c pack.Container) []pack.Value {
	var all []pack.Value
	for _, hook := range hooks {
		all = append(all, c.At(hook...).At("httpGet", "httpHeaders").Items()...)
	}
	return all
}

// flagOf is the name of a flag whose value is the next word: --token, and not
// --token=VALUE, which is an assignment.
func flagOf(word string) string {
	if !strings.HasPrefix(word, "-") || strings.ContainsAny(word, "= \n") {
		return ""
	}
	return strings.TrimLeft(word, "-")
}

// inClear checks one text that everybody may read who may read its object.
func inClear(r *pack.Report, subject any, name string, text pack.Value) {
	if text.Secret() {
		r.Violated(subject, text, readByAll)
		return
	}
	if why := secret.Look(name, text.Text()); why != "" {
		r.Violated(subject, text, "%s", why)
	}
}

// holdsData reports whether the pods of a workload keep something on volumes.
func holdsData(o pack.Object, pod pack.Pod) bool {
	return len(o.At("spec", "volumeClaimTemplates").Items()) > 0 || pack.Some(pod.Spec.At("volumes").Items(), func(volume pack.Value) bool {
		return volume.At("persistentVolumeClaim").Set()
	})
}

// some checks each item of a list that must have one.
func some(r *pack.Report, o pack.Object, list pack.Value, check func(pack.Value)) {
	pack.Each(r, o, []pack.Value{list}, func(list pack.Value) {
		if len(list.Items()) == 0 {
			r.Violated(o, list, "names none")
		}
		pack.Each(r, o, list.Items(), check)
	})
}

// needs reports the keys that are missing or empty.
func needs(r *pack.Report, o pack.Object, at pack.Value, keys ...string) {
	pack.Each(r, o, keys, func(key string) {
		if value := at.At(key); value.Text() == "" {
			r.Violated(o, value, "is missing")
		}
	})
}

// reference is a place where a pod names a Secret or a ConfigMap.
type reference struct {
	kind     string
	name     pack.Value
	keys     []pack.Value // those that it needs; none means whatever there is
	optional bool
	pull     bool // read by the kubelet for each pod
}

// references are all of a pod.
func references(pod pack.Pod) []reference {
	var all []reference
	for _, c := range pod.Containers() {
		for _, source := range c.At("envFrom").Items() {
			all = append(all, named("Secret", source.At("secretRef"))...)
			all = append(all, named("ConfigMap", source.At("configMapRef"))...)
		}
		for _, variable := range c.At("env").Items() {
			all = append(all, named("Secret", variable.At("valueFrom", "secretKeyRef"))...)
			all = append(all, named("ConfigMap", variable.At("valueFrom", "configMapKeyRef"))...)
		}
	}
	for _, volume := range pod.Spec.At("volumes").Items() {
		for _, source := range append([]pack.Value{volume}, volume.At("projected", "sources").Items()...) {
			all = append(all, named("Secret", source.At("secret"))...)
			all = append(all, named("ConfigMap", source.At("configMap"))...)
		}
	}
	for _, pull := range pod.Spec.At("imagePullSecrets").Items() {
		all = append(all, reference{kind: "Secret", name: pull.At("name"), pull: true})
	}
	return all
}

// named is the reference at a place; none where there is nothing. Volumes of a
// Secret write the name's key in a way of their own.
func named(kind string, at pack.Value) []reference {
	if !at.Set() {
		return nil
	}
	ref := reference{kind: kind, name: at.At("name"), optional: at.At("optional").True()}
	if own := at.At("secretName"); own.Set() {
		ref.name = own
	}
	if key := at.At("key"); key.Set() {
		ref.keys = append(ref.keys, key)
	}
	for _, item := range at.At("items").Items() {
		ref.keys = append(ref.keys, item.At("key"))
	}
	return []reference{ref}
}

// written is the Secret or ConfigMap that a reference names, with its keys;
// false where nothing of the stack writes one.
func written(s *pack.Stack, namespace string, ref reference) (keys []string, found bool) {
	name := ref.name.Text()
	if own, ok := pack.First(s.Kinds(ref.kind), func(o pack.Object) bool {
		return o.Called(name) && o.At("metadata", "namespace").Is(namespace)
	}); ok {
		return slices.Concat(own.At("data").Keys(), own.At("stringData").Keys(), own.At("binaryData").Keys()), true
	}
	if ref.kind != "Secret" {
		return nil, false
	}
	if target, ok := operated(s, namespace, name); ok {
		return target.At("template", "data").Keys(), true
	}
	return certificateKeys, pack.Some(s.Kinds(certificateKind), func(o pack.Object) bool {
		return o.At("spec", "secretName").Is(name) && o.At("metadata", "namespace").Is(namespace)
	})
}

// operated is what the operator is told of a Secret; false where it is told
// nothing.
func operated(s *pack.Stack, namespace, name string) (pack.Value, bool) {
	var targets []pack.Value
	for _, o := range s.Kinds(operatorKind) {
		targets = append(targets, o.At("spec", "targets").Items()...)
	}
	return pack.First(targets, func(target pack.Value) bool {
		return target.At("name").Is(name) && target.At("namespace").Is(namespace)
	})
}
