package pack

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
)

// holder is a Deployment with containers.
func holder(containers ...resource.PropertyValue) Object {
	spec := resource.PropertyMap{"containers": resource.NewArrayProperty(containers)}
	template := resource.PropertyMap{"spec": resource.NewObjectProperty(spec)}
	return NewObject(deployment(resource.PropertyMap{
		"metadata": resource.NewPropertyValue(map[string]any{"name": "web"}),
		"spec":     resource.NewObjectProperty(resource.PropertyMap{"template": resource.NewObjectProperty(template)}),
	}))
}

func container(name string, image any) resource.PropertyValue {
	return resource.NewPropertyValue(map[string]any{"name": name, "image": image})
}

// found is what one rule says of an object.
func found(rule Rule, o Object) []Finding {
	p := Pack{Rules: []Rule{rule}}
	return p.CheckObject(o)
}

// unpinned breaks for each container whose image is "latest".
func unpinned(o Object, r *Report) {
	pod, _ := o.Pod()
	Each(r, pod, pod.Containers(), func(c Container) {
		if image := c.At("image"); image.Is("latest") {
			r.Violated(c, image, "is not pinned")
		}
	})
}

const firstImage = "spec.template.spec.containers[0].image"

func TestFindingsNameTheirSubject(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	for name, tc := range map[string]struct {
		container resource.PropertyValue
		want      Finding
	}{
		"a violation": {container("a", "latest"), Finding{Path: firstImage, Subject: "Deployment/web container a", Why: "is not pinned"}},
		"not known": {
			container("a", unknown),
			Finding{Path: firstImage, Subject: "Deployment/web container a", Kind: Undecidable, Why: "is not known before the deployment"},
		},
		"a wrong type": {
			container("a", 1.0), Finding{Path: firstImage, Subject: "Deployment/web container a", Why: "is a number where a text belongs"},
		},
		"a container that is not known": {
			unknown,
			Finding{Path: "spec.template.spec.containers[0]", Subject: "Deployment/web container ?", Kind: Undecidable, Why: "is not known before the deployment"},
		},
		"a container that is not one": {
			resource.NewStringProperty("a"),
			Finding{Path: "spec.template.spec.containers[0]", Subject: "Deployment/web container ?", Why: "is a text where an object belongs"},
		},
		"a name that is not one": {
			resource.NewPropertyValue(map[string]any{"name": 1.0, "image": "latest"}),
			Finding{Path: firstImage, Subject: "Deployment/web container ?", Why: "is not pinned"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.want.Rule, tc.want.URN = "pinned", string(deployment(nil).URN)
			assert.Equal(t, []Finding{tc.want}, found(Rule{Name: "pinned", Object: unpinned}, holder(tc.container)))
		})
	}
}

// What cannot be checked of one item does not keep the others from it.
func TestItemsAreCheckedOneByOne(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	findings := found(Rule{Object: unpinned}, holder(container("a", unknown), container("b", 1.0), container("c", "latest"), container("d", "1")))
	var said []string
	for _, f := range findings {
		said = append(said, f.Subject)
	}
	assert.Equal(t, []string{"Deployment/web container a", "Deployment/web container b", "Deployment/web container c"}, said)
}

func TestSubjectsOfEveryKind(t *testing.T) {
	o := holder(container("a", "latest"))
	pod, _ := o.Pod()
	for want, subject := range map[string]any{
		"Deployment/web": o, "Deployment/web container a": pod.Containers()[0], "": nil,
	} {
		findings := found(Rule{Object: func(_ Object, r *Report) { r.Violated(subject, Value{}, "is %s", "so") }}, o)
		assert.Equal(t, want, findings[0].Subject)
		assert.Equal(t, "is so", findings[0].Why)
		assert.Equal(t, want == "", findings[0].URN == "")
	}
	findings := found(Rule{Object: func(_ Object, r *Report) { r.Violated(pod, Value{}, "is so") }}, o)
	assert.Equal(t, "Deployment/web", findings[0].Subject, "a pod is its owner's")
}

func TestFindingsAreToldOnce(t *testing.T) {
	o := holder()
	assert.Len(t, found(Rule{Object: func(o Object, r *Report) {
		for range 3 {
			r.Violated(o, Value{}, "is so")
		}
	}}, o), 1)
}

// A rule that fails is a finding, and neither the others nor the process
// suffer from it.
func TestBrokenRulesAreTold(t *testing.T) {
	for name, broken := range map[string]func(Object, *Report){
		"a panic":              func(Object, *Report) { panic("all is lost") },
		"an error":             func(Object, *Report) { panic(errors.New("all is lost")) },
		"an index":             func(o Object, _ *Report) { _ = o.At("spec", "template", "spec", "containers").Items()[9] },
		"no parameter":         func(_ Object, r *Report) { Parameter[int](r, "most") },
		"a mistyped parameter": func(_ Object, r *Report) { Parameter[int](r, "names") },
		"after a finding": func(o Object, r *Report) {
			r.Violated(o, Value{}, "is so")
			panic("all is lost")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := Pack{Rules: []Rule{
				{Name: "broken", Object: broken, Parameters: map[string]any{"names": []any{"a"}}},
				{Name: "pinned", Object: unpinned},
			}}
			findings := p.CheckObject(holder(container("a", "latest")))
			last := findings[len(findings)-1]
			assert.Equal(t, "pinned", last.Rule, "its turn comes")
			was := findings[len(findings)-2]
			assert.Equal(t, Broken, was.Kind)
			assert.Equal(t, "broken", was.Rule)
			assert.Equal(t, "Deployment/web", was.Subject)
			assert.Contains(t, was.Why, "the rule itself failed")
		})
	}
}

func TestParametersOfEveryType(t *testing.T) {
	rule := Rule{
		Name: "r", Parameters: map[string]any{"most": 3, "name": "a", "on": false, "names": []any{"a", "b"}},
		Object: func(o Object, r *Report) {
			r.Violated(o, Value{}, "%d %s %t %v", Parameter[int](r, "most"), Parameter[string](r, "name"), Parameter[bool](r, "on"), r.List("names"))
		},
	}
	p := Pack{Rules: []Rule{rule}}
	assert.Equal(t, "3 a false [a b]", p.CheckObject(holder())[0].Why)
	p.Parameters = map[string]map[string]any{"r": {"most": 4, "on": true, "names": []any{}}, "other": {"name": "b"}}
	assert.Equal(t, "4 a true []", p.CheckObject(holder())[0].Why)
	assert.Equal(t, 3, rule.Parameters["most"], "the rule's own stay")
}
