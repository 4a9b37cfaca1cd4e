package config

import (
	"fmt"
	"regexp"
)

// Common is what every stack has, whichever platform it deploys.
type Common struct {
	// Base is a file with settings that this stack shares with others, from the
	// folder of the stack file on. The stack's own ones replace them. Nothing of
	// cluster, environment, protection, secrets and waivers is taken from it.
	Base string `key:"base"`

	Protect  bool     `key:"protect"` // protect and retain on delete whatever holds data or an address
	Cluster  Cluster  `key:"cluster"`
	Topology Topology `key:"topology"`
	Secrets  Secrets  `key:"secrets"`

	// StackSecrets are secret values by SECRET/KEY, encrypted by the engine, in
	// the place of those that the source has.
	StackSecrets map[string]SecretText `key:"secretValues"`

	Render  Render   `key:"render"`
	GitOps  GitOps   `key:"gitops"`
	Waivers []Waiver `key:"waivers"` // of what the next deployment may delete or replace

	Policy map[string]PolicySetting `key:"policy"` // by rule of the policy pack
}

// PolicySetting replaces parameters of one rule of the policy pack for this
// stack.
type PolicySetting struct {
	Reason     string              `key:"reason"`     // a sentence
	Parameters map[string][]string `key:"parameters"` // by name; one text where the parameter is no list
}

// Cluster names the one Kubernetes cluster that a stack may touch.
type Cluster struct {
	Context    string `key:"context"`    // context of the kubeconfig; never its current one
	UID        string `key:"uid"`        // UID of the namespace kube-system; empty is not checked
	Kubeconfig string `key:"kubeconfig"` // path; empty means KUBECONFIG, then ~/.kube/config
}

// Render asks for plain manifests in the place of a deployment.
type Render struct {
	Directory string `key:"directory"` // empty means deploy; else one file an object is written here
}

// uuid is the form of the UID of a Kubernetes object, and of an ID of Infisical.
var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// validateTarget checks where objects go and where secret values come from.
func (c *Common) validateTarget(into *collector) {
	deploys := c.Render.Directory == "" && into.clean("render")
	if c.Cluster.Context == "" && deploys {
		into.add("cluster.context", "name a context of the kubeconfig, or set "+Namespace+":render.directory,",
			"it is empty, and the kubeconfig's current context is never used")
	}
	if c.Cluster.UID != "" && !uuid.MatchString(c.Cluster.UID) {
		into.add("cluster.uid", "write what kubectl get namespace kube-system -o jsonpath={.metadata.uid} prints",
			"%q is not a UID of 32 lower-case hexadecimal digits with dashes", c.Cluster.UID)
	}
	const source = "secrets.source"
	if chosen(into, source, c.Secrets.Source, SecretSources) && c.Secrets.Source == SourceFixed && deploys {
		into.add(source, fmt.Sprintf("choose %s or %s, or set %s:render.directory,", SourceGenerated, SourceInfisical, Namespace),
			"%q gives test values that anybody can read, for rendering only", SourceFixed)
	}
	c.Secrets.validate(into)
}
