package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// streamName is what NATS takes for one, less what shells and humans stumble
// over.
var streamName = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// streamSubject is a subject with or without wildcards.
var streamSubject = regexp.MustCompile(`^([A-Za-z0-9_-]+|\*)(\.([A-Za-z0-9_-]+|\*))*(\.>)?$`)

// neededComponents are those that a service may wait for beside services. The
// others stand before every service anyway.
var neededComponents = []string{GFSMasterName, ChunkserverName}

// validateNeeds checks that what a service waits for is there to come, and
// that no two wait for each other.
func (c *EddCloud) validateNeeds(into *collector) {
	made := c.validateStreams(into)
	for _, name := range slices.Sorted(maps.Keys(c.Services)) {
		needs, key := c.Services[name].Needs, "services["+name+"].needs"
		known := slices.Concat(slices.Sorted(maps.Keys(c.Services)), neededComponents)
		for i, needed := range needs.Services {
			if !slices.Contains(known, needed) {
				into.add(fmt.Sprintf("%s.services[%d]", key, i), "add it to "+Namespace+":services, or write needs of its own,",
					"%s is neither a service of the stack nor one of %s: %s would wait for it in vain", quoted(needed), strings.Join(neededComponents, ", "), name)
			}
		}
		for i, reader := range needs.Streams {
			at := fmt.Sprintf("%s.streams[%d]", key, i)
			if !slices.Contains(made, reader.Stream) {
				into.add(at+".stream", "add the service that makes it, or write needs of its own,",
					"no service of the stack makes the stream %s; they make %s", quoted(reader.Stream), orNone(made))
			}
			for j, consumer := range reader.Consumers {
				if !streamName.MatchString(consumer) {
					into.add(fmt.Sprintf("%s.consumers[%d]", at, j), "write its durable name", "%s is not the name of a consumer", orEmpty(consumer))
				}
			}
		}
		if circle := c.circle(name); circle != nil {
			into.add(key+".services", "take one of these needs away", "the services wait for each other: %s", strings.Join(circle, " needs "))
		}
	}
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// circle is the way from a service by what it needs back to itself, found at
// the first of its names alone: one fault for one circle.
func (c *EddCloud) circle(start string) []string {
	var walk func(path []string) []string
	seen := map[string]bool{}
	walk = func(path []string) []string {
		for _, needed := range c.Services[path[len(path)-1]].Needs.Services {
			if needed == start {
				return append(path, start)
			}
			if _, known := c.Services[needed]; !known || needed < start || seen[needed] {
				continue
			}
			seen[needed] = true
			if found := walk(append(slices.Clone(path), needed)); found != nil {
				return found
			}
		}
		return nil
	}
	return walk([]string{start})
}

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
