package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"
)

// Stream is one stream of NATS as its service makes it. The platform makes it
// first, so that nobody looks for it in vain.
type Stream struct {
	Name        string        `key:"name"`
	Subjects    []string      `key:"subjects"`
	Retention   time.Duration `key:"retention"`   // of a message; default 168h, which is 7 days
	ReservedMiB int           `key:"reservedMiB"` // of what streams in files may fill; default 1024
}

// The defaults of a stream: what every service of the platform asks for.
const (
	DefaultStreamRetention   = 7 * 24 * time.Hour
	DefaultStreamReservedMiB = 1024
)

// StreamMessages is the most messages that a stream holds.
const StreamMessages = 1_000_000

// formerStreams are those that older images made on the real platform, and that
// reserve as much as the others. None of today's services makes or consumes
// them, but a server that has them and no room for them drops them at its next
// start, and says that it is healthy.
func formerStreams() []Stream {
	return []Stream{former("COMPUTE"), former("GATEWAY"), former("SFS")}
}

func former(name string) Stream { return Stream{Name: name, ReservedMiB: DefaultStreamReservedMiB} }

// Streams is every stream that a service of the stack makes, by name.
func (c *EddCloud) Streams() []Stream {
	var streams []Stream
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		streams = append(streams, c.Services[name].Makes.Streams...)
	}
	slices.SortStableFunc(streams, func(a, b Stream) int { return compareKeys(a.Name, b.Name) })
	return streams
}

// reserved is what streams reserve together.
func reserved(streams []Stream) int {
	total := 0
	for _, stream := range streams {
		total += stream.ReservedMiB
	}
	return total
}

// roomForStreams is what NATS must let streams reserve: all that are known,
// those of before, and one more, which an image of tomorrow may make.
func (c *EddCloud) roomForStreams() int {
	return reserved(c.Streams()) + reserved(formerStreams()) + DefaultStreamReservedMiB
}

// streamName is what NATS takes for one, less what shells and humans stumble
// over.
var streamName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// streamSubject is a subject with or without wildcards.
var streamSubject = regexp.MustCompile(`^([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*(\.>)?$`)

// validateStreams checks every stream that is made, and returns their names.
func (c *EddCloud) validateStreams(into *collector) []string {
	var names []string
	makers, subjects := map[string]string{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		for i, stream := range c.Services[name].Makes.Streams {
			key := fmt.Sprintf("services[%s].makes.streams[%d]", name, i)
			stream.validate(into, key)
			if first, taken := makers[stream.Name]; taken {
				into.add(key+".name", "rename one of the two", "%q is a stream of %s already", stream.Name, first)
			}
			makers[stream.Name] = name
			names = append(names, stream.Name)
			for j, subject := range stream.Subjects {
				if first, taken := subjects[subject]; taken {
					into.add(fmt.Sprintf("%s.subjects[%d]", key, j), "choose another", "%q is kept by the stream %s already, and NATS refuses a second", subject, first)
				}
				subjects[subject] = stream.Name
			}
		}
	}
	slices.Sort(names)
	return names
}

func (s Stream) validate(into *collector, key string) {
	if !streamName.MatchString(s.Name) {
		into.add(key+".name", "write letters, digits, dashes and underscores, such as AUTH", "%s is not the name of a stream", orEmpty(s.Name))
	}
	if len(s.Subjects) == 0 {
		into.add(key+".subjects", "list them, such as auth.>", "the stream would keep nothing")
	}
	for i, subject := range s.Subjects {
		if !streamSubject.MatchString(subject) {
			into.add(fmt.Sprintf("%s.subjects[%d]", key, i), "write one such as auth.>", "%s is not a subject of NATS", orEmpty(subject))
		}
	}
	if s.Retention <= 0 {
		into.add(key+".retention", "write a time such as 168h", "%s keeps no message", s.Retention)
	}
	into.positive(key+".reservedMiB", s.ReservedMiB)
}
