package page

import (
	"fmt"
	"testing"

	"platform/policy/secret"
	"platform/tools/review"
	"platform/tools/review/scan"
)

// many are n resources that change, no two alike.
func many(n int) []review.Section {
	s := plan("k3s")
	for i := range n {
		c := review.Change{Op: review.Ops[i%4], Kind: "Deployment", Object: fmt.Sprintf("edd/backend-%d", i)}
		for j := range 25 {
			c.Diffs = append(c.Diffs, review.Diff{Path: fmt.Sprintf("spec.template.spec.containers[%d].env[%d].value", j/5, j%5), Old: fmt.Sprintf("value-%d", i*j), New: fmt.Sprintf("https://service-%d.example.org:8443/%d", i, i*i*j%997)})
		}
		s.Changes = append(s.Changes, c)
		s.Restarts = append(s.Restarts, review.Restart{Workload: "Deployment/" + c.Object, Why: []string{"backend: image a:1 → a:2"}, Replicas: 2})
		s.Findings = append(s.Findings, review.Finding{Rule: "requests-are-set", Object: "Deployment/" + c.Object, Text: "container backend has no request for memory", New: i%50 == 0})
	}
	return []review.Section{s}
}

// BenchmarkComment writes the comment on 2,000 resources, which is cut, and
// looks for 40 secrets in it.
func BenchmarkComment(b *testing.B) {
	sections := many(2000)
	var known []string
	for i := range 40 {
		known = append(known, fmt.Sprintf("tK7pQ2mX9vR4bN8cW3jL6hD5%04d", i))
	}
	for b.Loop() {
		text, err := Markdown(sections, options)
		if err != nil {
			b.Fatal(err)
		}
		if hits := scan.Find(text, secret.NewKnown(known...)); len(hits) > 0 {
			b.Fatal(hits[0])
		}
		b.ReportMetric(float64(len(text)), "bytes")
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/comment")
}

// BenchmarkPage writes the page on 2,000 resources.
func BenchmarkPage(b *testing.B) {
	sections := many(2000)
	for b.Loop() {
		if _, err := HTML(sections, options); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/page")
}
