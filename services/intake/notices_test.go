package intake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gallra.se/libs/policy"
)

// public asks without any token, as somebody does who has not said who they are.
func (w *world) public(path string) (status int, header http.Header, body string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), "GET", w.url+path, nil)
	must(w.t, err)
	response, err := http.DefaultClient.Do(request)
	must(w.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	must(w.t, err)
	return response.StatusCode, response.Header, string(raw)
}

// AFC-01, AFC-24, AFC-30, AFG-03, AFG-70, STH-01, STH-04, STH-28, KSC-02, KSC-03, KSC-35, L-12
func TestAnybodyReadsTheNoticeBeforeAContact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for authority, wants := range map[string][]string{
		af: {"Arbetsförmedlingen är personuppgiftsansvarig", "dataskyddsombud@arbetsformedlingen.se", "0771-60 00 00", "Elektrogatan 4, Solna",
			"113 99 Stockholm", "**Chattbot:** ingenting.", "SFS 2017:900 6 §", "Integritetsskyddsmyndigheten (IMY)"},
		"stockholm-labour-market-board": {"Box 10014, 121 26 Stockholm-Globen", "info.amf@stockholm.se", "tidigare Datainspektionen"},
		"te-customer-service":           {"kirjaamo.etela-savo@ely-keskus.fi", "tietosuoja.keha@ely-keskus.fi", "Dataombudsmannen"},
		"te-services":                   {"tystnadsplikt"},
	} {
		status, header, text := w.public("/v1/notices/" + authority)
		if status != http.StatusOK || header.Get("Content-Type") != "text/markdown; charset=utf-8" || header.Get("Content-Language") != "sv" {
			t.Errorf("%s: %d %v", authority, status, header)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", authority, want)
			}
		}
		if _, _, english := w.public("/v1/notices/" + authority + "?lang=en"); !strings.Contains(english, "is the controller of the personal data") {
			t.Errorf("%s in English: %.200s", authority, english)
		}
	}
	for path, want := range map[string]int{
		"/v1/notices/ministry-of-magic":                                    404,
		"/v1/notices/" + af + "?lang=la":                                   422,
		"/v1/notices/ministry-of-magic/registers":                          404,
		"/v1/notices/stockholm-labour-market-board/services/palm-reading":  404,
		"/v1/notices/ministry-of-magic/services/job-centre":                404,
		"/v1/notices/..%2f..%2fetc":                                        404,
		"/v1/notices/" + af + "?lang=" + strings.Repeat("s", 2000):         422,
		"/v1/notices/stockholm-labour-market-board/services/job-centre%00": 404,
	} {
		if status, _, body := w.public(path); status != want || strings.Contains(body, "magic") || strings.Contains(body, "palm") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// KSC-04
func TestTheCentreListsItsRegisters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	status, _, body := w.public("/v1/notices/te-customer-service/registers")
	var seen struct {
		Controller string
		Registers  []struct{ Categories []string }
	}
	must(t, json.Unmarshal([]byte(body), &seen))
	if status != http.StatusOK || len(seen.Registers) != 3 || !slices.Contains(seen.Registers[0].Categories, "contact.recording") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, body := w.public("/v1/notices/" + af + "/registers"); status != http.StatusOK || !strings.Contains(body, `"registers":[]`) {
		t.Errorf("%d %s", status, body)
	}
}

// STH-12, STH-16
func TestEachServiceOfTheBoardHasANoticeOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pack, _ := policy.Default().Pack("stockholm-labour-market-board")
	for _, service := range pack.Services() {
		status, _, body := w.public("/v1/notices/stockholm-labour-market-board/services/" + service.Name)
		var seen struct {
			Controller                     string
			LegalBasis, Fields, Recipients []string
		}
		must(t, json.Unmarshal([]byte(body), &seen))
		if status != http.StatusOK || !slices.Equal(seen.Fields, service.Fields) || !slices.Equal(seen.LegalBasis, service.LegalBasis) ||
			seen.Controller != pack.Controller || seen.Recipients == nil || len(seen.Recipients) != len(service.Recipients) {
			t.Errorf("%s: %d %s", service.Name, status, body)
		}
	}
	if len(pack.Services()) == 0 {
		t.Error("the board has no services")
	}
}
