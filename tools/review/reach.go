package review

import (
	"fmt"
	"slices"
	"strings"

	"platform/config"
	"platform/policy/pack"
	"platform/policy/reach"
	"platform/policy/reach/objects"
	"platform/policy/reach/stacks"
	"platform/policy/settings"
)

// deciding are the kinds that decide who reaches whom, beside those that run
// pods.
var deciding = []string{
	"GlobalNetworkPolicy", "HTTPRoute", "Ingress", "Namespace", "NetworkPolicy", "Route", "Service",
	"CiliumClusterwideNetworkPolicy", "CiliumNetworkPolicy", "GlobalNetworkSet", "HostEndpoint", "NetworkSet", "Tier",
	"AdminNetworkPolicy", "BaselineAdminNetworkPolicy",
}

// unreached is the rule of a finding that nobody can tell who reaches whom.
const unreached = "reach-can-be-told"

// reached is who newly reaches whom, and who no longer. Where that cannot be
// reported, because of a value that is not known or a policy of a kind that is not
// checked, it is a finding: nobody may take silence for an answer.
func reached(all []*planned, before, after *pack.Stack, cfg config.Platform) ([]Reach, []Finding) {
	if !slices.ContainsFunc(all, func(p *planned) bool {
		return p.op != "" && (slices.Contains(deciding, p.shortKind()) || slices.Contains(pack.PodKinds, p.shortKind()))
	}) {
		return nil, nil
	}
	changes, err := objects.Safely(func() ([]reach.Change, error) {
		checked, err := stacks.Check(after, before, stacks.Options{Parameters: settings.Network(cfg)})
		if err != nil {
			return nil, err
		}
		return checked.Changes()
	})
	if err != nil {
		text := readable(fmt.Sprintf("who newly reaches whom is not known in this preview: %s; run make reach BASE=rev", err))
		return nil, []Finding{{Rule: unreached, Text: text, New: true}}
	}
	var found []Reach
	for _, one := range changes {
		found = append(found, Reach{
			From: one.From, To: one.To, Gained: portsText(one.Gained), Lost: portsText(one.Lost), Silent: portsText(one.Silent),
			Because: stacks.Texts(one.Because),
		})
	}
	return found, nil
}

// portsText lists ports with their protocols, such as TCP 80, 443, UDP 53.
func portsText(ports reach.Ports) string {
	if ports.All() {
		return "all"
	}
	var texts []string
	last := ""
	for _, one := range ports {
		text := fmt.Sprint(one.From)
		if one.To != one.From {
			text = fmt.Sprintf("%d-%d", one.From, one.To)
		}
		if protocol := string(one.Protocol); protocol != last {
			text, last = protocol+" "+text, protocol
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}
