package problem

import "net/http"

// Internal is the reason of everything that is our fault.
const Internal = "internal"

const reasonUnavailable = "unavailable"

type reason struct {
	status int
	title  string
}

// reasons that callers count by; data/README of the input contract names most of them.
var reasons = map[string]reason{
	"not-json":               {http.StatusBadRequest, "The body is not JSON"},
	"unsupported-media-type": {http.StatusUnsupportedMediaType, "This content type is not read here"},
	"too-large":              {http.StatusRequestEntityTooLarge, "The content is too large"},
	"unknown-kind":           {http.StatusUnprocessableEntity, "Unknown kind"},
	"unknown-channel":        {http.StatusUnprocessableEntity, "Unknown channel"},
	"unknown-authority":      {http.StatusUnprocessableEntity, "Unknown authority"},
	"unknown-field":          {http.StatusUnprocessableEntity, "Unknown field"},
	"missing-field":          {http.StatusUnprocessableEntity, "A field is missing"},
	"invalid-field":          {http.StatusUnprocessableEntity, "A field has an impossible value"},
	"invalid-national-id":    {http.StatusUnprocessableEntity, "Not a personal number"},
	"invalid-time":           {http.StatusUnprocessableEntity, "Not a time that can be accepted"},
	"invalid-text":           {http.StatusUnprocessableEntity, "Not acceptable text"},
	"unknown-case":           {http.StatusUnprocessableEntity, "No such case"},
	"unknown-person":         {http.StatusUnprocessableEntity, "No such person"},
	"conflicting-duplicate":  {http.StatusConflict, "Another content has come under this id"},
	"conflict":               {http.StatusConflict, "Not possible in the present state"},
	"plan-stale":             {http.StatusConflict, "The plan is not of this change and this day: plan again"},
	"policy-refused":         {http.StatusUnprocessableEntity, "The policy pack cannot be put into force"},
	"review-stale":           {http.StatusConflict, "The list is another one by now: look at it again"},
	"gone":                   {http.StatusGone, "Gone"},
	"not-found":              {http.StatusNotFound, "Not found"},
	"unauthorized":           {http.StatusUnauthorized, "A valid bearer token is needed"},
	"forbidden":              {http.StatusForbidden, "Not allowed"},
	"denied":                 {http.StatusForbidden, "Denied by a rule"},
	"locked":                 {http.StatusLocked, "Locked"},
	"method-not-allowed":     {http.StatusMethodNotAllowed, "Not a method of this address"},
	reasonUnavailable:        {http.StatusServiceUnavailable, "Not available just now"},
	Internal:                 {http.StatusInternalServerError, "Something went wrong here"},
}
