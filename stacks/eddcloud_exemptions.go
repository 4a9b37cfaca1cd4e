package stacks

import (
	"platform/components"
	"platform/config"
)

// exemptions are all of Edd Cloud's from the hardening that every other pod
// has, by component: what it may do beyond, and why.
func exemptions(cfg *config.EddCloud) map[string]components.Exemption {
	return map[string]components.Exemption{
		"gfs-master": {
			Root: true, HostPaths: []string{cfg.GFS.Master.HostPath},
			Reason: "its data lie in a folder of the node that is root's, and its program in root's home of the image",
		},
		"gfs-chunkserver": {
			Root: true, HostNetwork: true, HostPaths: []string{cfg.GFS.Chunkserver.HostPath},
			Reason: "as gfs-master; clients on the nodes' network reach each chunkserver at its node's own address",
		},
		"nats": {
			Root:   true,
			Reason: "the image names no user, and the streams on its volume were written by root",
		},
		"image-cleanup": {
			Root: true, Privileged: true,
			Reason: "removes images from the node's container runtime, which obeys root of the node alone",
		},
	}
}
