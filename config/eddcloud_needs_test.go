package config

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The streams as the images of the platform make them.
func TestStreamsOfThePlatform(t *testing.T) {
	c := loadCore(t, "k3s")
	var got []string
	for _, stream := range c.Streams() {
		got = append(got, stream.Name+" "+stream.Subjects[0])
		assert.Equal(t, []any{7 * 24 * time.Hour, 1024}, []any{stream.Retention, stream.ReservedMiB}, stream.Name)
	}
	assert.Equal(t, []string{"AUTH auth.>", "CLUSTER cluster.>", "LOGS log.>", "NOTIFICATIONS notify.>"}, got)
	assert.Equal(t, 8192, c.NATS.FileMiB, "four, three of before, and one more")
	assert.Equal(t, []string{"edd-compute"}, c.TableMakers(), "before the gateway")
}

// Each service comes after those that it needs, and the order is the same each
// time.
func TestServicesInOrder(t *testing.T) {
	c := loadCore(t, "k3s")
	order := c.ServicesInOrder()
	require.Len(t, order, len(c.Services))
	for name, service := range c.Services {
		for _, needed := range service.Needs.Services {
			if _, isService := c.Services[needed]; isService {
				assert.Less(t, slices.Index(order, needed), slices.Index(order, name), "%s needs %s", name, needed)
			}
		}
	}
	assert.Equal(t, order, c.ServicesInOrder())
	assert.Less(t, slices.Index(order, "auth-service"), slices.Index(order, "edd-compute"))
}

// The two of the stack file that have replicas, one needing the other.
func TestNeedsReject(t *testing.T) {
	stream := func(changes map[string]any) []change {
		one := map[string]any{"name": "BLOG", "subjects": []any{"blog.>"}}
		for key, value := range changes {
			one[key] = value
		}
		return []change{{"nats.storageGiB", 50}, {"services[blog].makes.streams", []any{one}}}
	}
	const key = "services[blog].needs"
	rejectCore(t, map[string]bad{
		"nobody": {
			on(key+".services", []any{"nobody"}), key + ".services[0]",
			`"nobody" is neither a service of the stack nor one of gfs-master, gfs-chunkserver: blog would wait for it in vain`,
			"add it to platform:services, or write needs of its own,",
		},
		"itself": {on(key+".services", []any{"blog"}), key + ".services", "the services wait for each other: blog needs blog", "take one of these needs away"},
		"each other": {
			[]change{{key + ".services", []any{"log-service"}}, {"services[log-service].needs.services", []any{"blog"}}},
			key + ".services",
			"the services wait for each other: blog needs log-service needs blog", "take one of these needs away",
		},
		"no stream": {
			on(key+".streams", []any{map[string]any{"stream": "AUTH"}}), key + ".streams[0].stream",
			`no service of the stack makes the stream "AUTH"; they make LOGS`, "add the service that makes it, or write needs of its own,",
		},
		"no consumer": {
			on(key+".streams", []any{map[string]any{"stream": "LOGS", "consumers": []any{"a b"}}}), key + ".streams[0].consumers[0]",
			`"a b" is not the name of a consumer`, "write its durable name",
		},
		"stream's name":     {stream(map[string]any{"name": "BLOG.A"}), "services[blog].makes.streams[0].name", `"BLOG.A" is not the name of a stream`, "write letters, digits, dashes and underscores, such as AUTH"},
		"stream twice":      {stream(map[string]any{"name": "LOGS"}), "services[log-service].makes.streams[0].name", `"LOGS" is a stream of blog already`, "rename one of the two"},
		"subject twice":     {stream(map[string]any{"subjects": []any{"log.>"}}), "services[log-service].makes.streams[0].subjects[0]", `"log.>" is kept by the stream BLOG already, and NATS refuses a second`, "choose another"},
		"no subject":        {stream(map[string]any{"subjects": []any{}}), "services[blog].makes.streams[0].subjects", "the stream would keep nothing", "list them, such as auth.>"},
		"no such subject":   {stream(map[string]any{"subjects": []any{"blog..a"}}), "services[blog].makes.streams[0].subjects[0]", `"blog..a" is not a subject of NATS`, "write one such as auth.>"},
		"kept for no time":  {stream(map[string]any{"retention": "-1s"}), "services[blog].makes.streams[0].retention", "-1s keeps no message", "write a time such as 168h"},
		"reserving nothing": {stream(map[string]any{"reservedMiB": -1}), "services[blog].makes.streams[0].reservedMiB", "-1 is under the floor of 1", "raise it to 1 or more"},
	})
	acceptCore(t, map[string][]change{
		"a stream of its own": stream(nil),
		"GFS":                 on(key+".services", []any{"gfs-master", "gfs-chunkserver", "log-service"}),
		"any consumer":        on(key+".streams", []any{map[string]any{"stream": "LOGS"}}),
	})
}
