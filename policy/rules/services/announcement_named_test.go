package services

import (
	"testing"

	"platform/policy/packtest"
)

func TestAnnouncementNamed(t *testing.T) {
	const at = "L2Advertisement/l2: spec.ipAddressPools"
	packtest.Run(t, announcementNamed, map[string]packtest.Case{
		"named":      {Objects: advertisement},
		"none":       {Objects: but(advertisement, "[pool]", "[]"), Want: []string{at}},
		"by labels":  {Objects: but(advertisement, "ipAddressPools: [pool]", "ipAddressPoolSelectors: [{matchLabels: {team: a}}]")},
		"absent":     {Objects: but(advertisement, "ipAddressPools: [pool]", "interfaces: [eth0]"), Want: []string{at}},
		"wrong type": {Objects: but(advertisement, "[pool]", "pool"), Want: []string{at}},
		"not known":  {Objects: but(advertisement, "[pool]", "<unknown>"), Undecided: []string{at}},
	})
}
