package images

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/distribution/reference"
)

// Source is the variable that decides where images come from. Its one value,
// standin, has stand-ins made of all; without it, a registry that answers is
// used.
const Source = "PLATFORM_IMAGES"

// answerTime is what a registry gets to answer.
const answerTime = 3 * time.Second

// Choose divides images into those that stand-ins have to be made of, and
// those that containerd pulls because their registry answers.
func Choose(ctx context.Context, wanted []Image) (standIns, pulled []Image, err error) {
	switch value := os.Getenv(Source); value {
	case "standin":
		return wanted, nil, nil
	case "":
	default:
		return nil, nil, fmt.Errorf("images: %s: %q is not standin; set that, or nothing for a registry that answers", Source, value)
	}
	refs := make([]string, len(wanted))
	for i, image := range wanted {
		refs[i] = image.Ref
	}
	answers := RegistriesAnswer(ctx, refs)
	for _, image := range wanted {
		if answers[host(image.Ref)] {
			pulled = append(pulled, image)
		} else {
			standIns = append(standIns, image)
		}
	}
	return standIns, pulled, nil
}

// RegistriesAnswer tells of each registry that images name, by its host name
// as in the images' full names, whether it answers within three seconds. Any
// HTTP answer counts, a refusal too. All are asked at once.
func RegistriesAnswer(ctx context.Context, refs []string) map[string]bool {
	client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}}
	return registriesAnswer(ctx, client, answerTime, refs)
}

func registriesAnswer(ctx context.Context, client *http.Client, limit time.Duration, refs []string) map[string]bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	answers, guard, all := map[string]bool{}, sync.Mutex{}, sync.WaitGroup{}
	for _, ref := range refs {
		name := host(ref)
		guard.Lock()
		_, asked := answers[name]
		answers[name] = answers[name] && asked
		guard.Unlock()
		if asked || name == "" {
			continue
		}
		all.Go(func() {
			ok := asks(ctx, client, name)
			guard.Lock()
			defer guard.Unlock()
			answers[name] = ok
		})
	}
	all.Wait()
	delete(answers, "")
	return answers
}

// asks reports whether a registry answers at all.
func asks(ctx context.Context, client *http.Client, name string) bool {
	if name == "docker.io" {
		name = "registry-1.docker.io" // where clients find it
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+name+"/v2/", http.NoBody)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return true
}

// host is the registry of an image; empty where the name is none.
func host(ref string) string {
	named, err := reference.ParseNormalizedNamed(ref)
	if err != nil {
		return ""
	}
	return reference.Domain(named)
}
