// Package trace follows a piece of work through the services: the request at a door, the event that it left in the
// outbox, what each consumer did with it. Spans are OpenTelemetry's; they go out by OTLP over HTTP where
// OTEL_EXPORTER_OTLP_ENDPOINT says whereto, and nowhere otherwise.
//
//	traceparent of the sender ──► span at the door ──► Append: traceparent in the event ──► span of each that applies it
//
// Without an endpoint there are no spans and next to no cost; a sender's traceparent is then passed on as it came. Whether
// a trace is recorded is decided once, at its root: a sender that says "not sampled" is believed.
//
// It promises that nothing of an error, of a payload or of a caller's tracestate gets into a span: a span has a name, a
// few numbers and codes, and whether it failed. Whoever names a span or gives it an attribute keeps that promise: routes,
// event types, streams, counts, never an id.
//
// The tracer of a service is in its context, not in a global: `gallra up` runs seven services in one process.
package trace
