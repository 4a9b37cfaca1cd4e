package gitops

import "slices"

// last are the kinds that come after everything else. Somebody else decides
// whether they are well: an issuer, an edge, the metrics, last night's run. Argo
// CD waits for each wave before it begins the next, and gives the sync up where
// one is not well; after the last it does neither. Some are nothing without
// what they name, too, such as an autoscaler, and a name orders nothing.
var last = []string{
	"Certificate", "ClusterIssuer", "Issuer",
	"CronJob",
	"Gateway", "GRPCRoute", "HTTPRoute", "Ingress", "Route",
	"HorizontalPodAutoscaler", "PodDisruptionBudget", "PodMonitor", "ServiceMonitor",
}

// waves are in which wave each object is applied: after the Jobs that the
// program makes before it, and where nothing waits for it that it waits for.
// What is given has the first of both, by the objects' ids.
func waves(objects []*object, afterJobs map[string]int) map[*object]int {
	end := 1
	for _, wave := range afterJobs {
		end = max(end, wave+1)
	}
	found := map[*object]int{}
	for _, o := range objects {
		found[o] = afterJobs[o.id()]
		if slices.Contains(last, o.GetKind()) || o.GetKind() == "Service" && o.at("spec", "type") == "LoadBalancer" || waitsForCertificate(o, objects) {
			found[o] = end
		}
	}
	for _, o := range objects {
		if o.GetKind() == "PersistentVolumeClaim" {
			found[o] = mounted(o, objects, found, end)
		}
	}
	return found
}

// waitsForCertificate reports whether an object's pods mount a Secret that a
// Certificate of the stack is to write.
func waitsForCertificate(o *object, objects []*object) bool {
	needed := needs(o.pods())
	return o.GetKind() != "Job" && slices.ContainsFunc(objects, func(c *object) bool {
		secret, _ := c.at("spec", "secretName").(string)
		return c.GetKind() == "Certificate" && c.GetNamespace() == o.GetNamespace() && needed["Secret/"+secret]
	})
}

// mounted is the wave of a claim: a volume may be made for the first pod that
// mounts it, and not before.
func mounted(claim *object, objects []*object, waves map[*object]int, end int) int {
	wave := end
	for _, o := range objects {
		if mounts(o, claim) {
			wave = min(wave, waves[o])
		}
	}
	return wave
}

// idle reports whether only pods mount a claim that the stack does not start.
func idle(claim *object, objects []*object) bool {
	return claim.GetKind() == "PersistentVolumeClaim" &&
		!slices.ContainsFunc(objects, func(o *object) bool { return mounts(o, claim) && o.GetKind() != "CronJob" })
}

func mounts(o, claim *object) bool {
	return o.GetNamespace() == claim.GetNamespace() && needs(o.pods())["PersistentVolumeClaim/"+claim.GetName()]
}
