package describe

import (
	"encoding/json"
	"fmt"
	"strings"

	"gallra.se/events"
)

// AsyncAPI is the AsyncAPI 3.0 document of the catalogue, as YAML. Payloads are references to the committed schemas.
func AsyncAPI(catalogue []events.Entry) string {
	var b strings.Builder
	b.WriteString(head)
	b.WriteString("channels:\n")
	each(catalogue, func(e events.Entry, s events.Source) { channel(&b, e, s) })
	b.WriteString("operations:\n")
	each(catalogue, func(e events.Entry, s events.Source) { operations(&b, e, s) })
	b.WriteString("components:\n  messages:\n")
	for _, e := range catalogue {
		message(&b, e)
	}
	return b.String()
}

const head = `# Generated from catalogue.go by go generate: do not edit.
asyncapi: 3.0.0
info:
  title: Gallra
  version: 1.0.0
  description: >-
    Events of Gallra on NATS JetStream, as CloudEvents 1.0 in structured JSON mode. No field outside a sealed box
    holds personal data.
defaultContentType: application/cloudevents+json
servers:
  nats:
    host: 127.0.0.1:4222
    protocol: nats
`

func each(catalogue []events.Entry, do func(events.Entry, events.Source)) {
	for _, e := range catalogue {
		for _, s := range e.Sources {
			do(e, s)
		}
	}
}

func key(e events.Entry, s events.Source) string {
	return strings.ReplaceAll(s.Context+"_"+e.Name(), ".", "_")
}

func messageKey(e events.Entry) string { return strings.ReplaceAll(e.Name(), ".", "_") }

func channel(b *strings.Builder, e events.Entry, s events.Source) {
	subject := e.Subject(s)
	fmt.Fprintf(b, "  %s:\n    address: %s\n    summary: %s\n    parameters:\n", key(e, s), quote(subject), quote(s.Stream))
	for _, part := range strings.Split(subject, ".") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			fmt.Fprintf(b, "      %s: {}\n", strings.TrimSuffix(name, "}"))
		}
	}
	fmt.Fprintf(b, "    messages:\n      %[1]s:\n        $ref: '#/components/messages/%[1]s'\n", messageKey(e))
}

func operations(b *strings.Builder, e events.Entry, s events.Source) {
	operation(b, e, s, "send", s.Service)
	for _, consumer := range e.Consumers {
		operation(b, e, s, "receive", consumer)
	}
}

func operation(b *strings.Builder, e events.Entry, s events.Source, action, service string) {
	name := strings.ReplaceAll(service, "-", "_") + "_" + action + "_" + key(e, s)
	fmt.Fprintf(b, "  %s:\n    action: %s\n    channel:\n      $ref: '#/channels/%s'\n    title: %s\n",
		name, action, key(e, s), quote(service))
}

func message(b *strings.Builder, e events.Entry) {
	fmt.Fprintf(b, "    %s:\n      name: %s\n      summary: %s\n      contentType: application/cloudevents+json\n",
		messageKey(e), quote(e.Type), quote(e.Meaning))
	fmt.Fprintf(b, "      payload:\n        type: object\n        required: [specversion, id, source, type, subject, time, data]\n")
	fmt.Fprintf(b, "        properties:\n          type:\n            const: %s\n", quote(e.Type))
	if !unlinkable(e) {
		fmt.Fprintf(b, "          traceparent:\n            type: string\n            pattern: %s\n", quote(traceparent))
	}
	fmt.Fprintf(b, "          data:\n            $ref: %s\n", quote("./"+e.SchemaFile()))
}

// traceparent is the form of W3C Trace Context that an event may carry.
const traceparent = "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$"

// quote: a JSON string is a YAML string.
func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
