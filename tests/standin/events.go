package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// reserved is what each stream reserves of the server's room for files.
const reserved = 1 << 30 // bytes

// hearing is what became of one consumer.
type hearing struct {
	Stream   string `json:"stream"`
	Consumer string `json:"consumer"`
	Hears    bool   `json:"hears"`
	Error    string `json:"error,omitempty"`
	Heard    int    `json:"heard"` // messages since the start
}

// bus is the connection to the message bus, and what this service makes and
// hears on it. Like the images, it tries everything once, at its start: what
// fails then is logged and stays as it is, and the service is ready all the
// same.
type bus struct {
	guard   sync.Mutex
	stream  jetstream.JetStream
	hearing []*hearing
}

// openBus connects to NATS; without an answer the bus is deaf and mute.
func openBus(ctx context.Context, url string) *bus {
	b := &bus{}
	connection, err := nats.Connect(url, nats.Name(role), nats.MaxReconnects(-1), nats.Timeout(5*time.Second))
	if err != nil {
		logError("NATS does not answer", "error", err.Error())
		return b
	}
	if b.stream, err = jetstream.New(connection); err != nil {
		logError("no JetStream", "error", err.Error())
	}
	context.AfterFunc(ctx, connection.Close)
	return b
}

// makeStream makes a stream of seven days in files.
func (b *bus) makeStream(ctx context.Context, name, subjects string) {
	if b.stream == nil {
		return
	}
	_, err := b.stream.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: name, Subjects: []string{subjects}, MaxAge: 7 * 24 * time.Hour, MaxBytes: reserved, Storage: jetstream.FileStorage,
	})
	if err != nil {
		logError("stream not made", "stream", name, "error", err.Error())
		return
	}
	logInfo("stream is there", "stream", name)
}

// hear consumes a stream. One that does not exist now is never heard.
func (b *bus) hear(ctx context.Context, stream, consumer string, handle func(subject string, data []byte)) {
	h := &hearing{Stream: stream, Consumer: consumer, Error: "NATS did not answer at the start"}
	b.hearing = append(b.hearing, h)
	if b.stream == nil {
		return
	}
	made, err := b.stream.CreateOrUpdateConsumer(ctx, stream, jetstream.ConsumerConfig{Durable: consumer, AckPolicy: jetstream.AckExplicitPolicy})
	if err == nil {
		_, err = made.Consume(func(message jetstream.Msg) {
			b.guard.Lock()
			h.Heard++
			b.guard.Unlock()
			handle(message.Subject(), message.Data())
			_ = message.Ack()
		})
	}
	if err != nil {
		h.Error = err.Error()
		logError("deaf to a stream from now on", "stream", stream, "error", err.Error())
		return
	}
	h.Hears, h.Error = true, ""
	logInfo("hears a stream", "stream", stream)
}

func (b *bus) publish(ctx context.Context, subject string, value any) {
	if b.stream == nil {
		return
	}
	text, err := json.Marshal(value)
	if err != nil {
		return
	}
	if _, err := b.stream.Publish(ctx, subject, text); err != nil {
		logInfo("not published", "subject", subject, "error", err.Error())
	}
}

// consumers answers what this service hears, and what not.
func (b *bus) consumers(w http.ResponseWriter, _ *http.Request) {
	b.guard.Lock()
	defer b.guard.Unlock()
	list, status := b.hearing, http.StatusOK
	if list == nil {
		list = []*hearing{}
	}
	for _, h := range list {
		if !h.Hears {
			status = http.StatusServiceUnavailable
		}
	}
	writeJSON(w, status, list)
}
