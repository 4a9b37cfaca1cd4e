package config

// GitOps is what Argo CD may do to the stack by itself. Without a word it
// applies what changes on its branch, and neither deletes nor puts back.
type GitOps struct {
	Prune    *Automation `key:"prune"`    // delete what left the branch; what holds data or an address stays all the same
	SelfHeal *Automation `key:"selfHeal"` // put back what somebody changed in the cluster
}

// Automation is something that happens with nobody looking, and why it may.
type Automation struct {
	Reason string `key:"reason"`
}

// validate asks of each why it may happen.
func (g GitOps) validate(into *collector) {
	for _, one := range []struct {
		key     string
		setting *Automation
		happens string
	}{
		{"gitops.prune", g.Prune, "objects may be deleted"},
		{"gitops.selfHeal", g.SelfHeal, "changes may be taken back"},
	} {
		if one.setting != nil && one.setting.Reason == "" {
			into.add(one.key+".reason", "say why "+one.happens+" with nobody looking, or leave "+Namespace+":"+one.key+" out", "it is empty")
		}
	}
}
