package batch

import "platform/policy/packtest"

// wrongly is the case of a CronJob that breaks the rule at these paths, and
// rightly of one that does not.
func wrongly(spec string, paths ...string) packtest.Case {
	c := rightly(spec)
	for _, path := range paths {
		c.Want = append(c.Want, "CronJob/dump: spec."+path)
	}
	return c
}

func rightly(spec string) packtest.Case {
	return packtest.Case{Objects: "{apiVersion: batch/v1, kind: CronJob, metadata: {name: dump}, spec: {" + spec + "}}"}
}

func undecided(spec, path string) packtest.Case {
	c := rightly(spec)
	c.Undecided = []string{"CronJob/dump: spec." + path}
	return c
}

// aJob is one of this specification.
func aJob(spec string, want ...string) packtest.Case {
	return packtest.Case{Objects: "{apiVersion: batch/v1, kind: Job, metadata: {name: migrate}, spec: {" + spec + "}}", Want: want}
}
