// Package baotest is a small key server that answers as OpenBao and Vault do to what
// package bao asks: same paths, JSON, statuses and refusals. It keeps keys in memory and
// encrypts with them; it is no key server for anything but tests.
//
// The suite that runs on it runs on a real server too: bao.TestARealServer, `make openbao`.
// Statuses and refusals were compared with Vault 1.14.0 by hand.
package baotest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gallra.se/libs/clock"
)

// Token is what the server lets in.
const Token = "s.baotest-token"

// Mount is where its transit engine is.
const Mount = "transit"

// Server is one server; its fields are changed under Set.
type Server struct {
	URL string

	mu     sync.Mutex
	keys   map[string]*transitKey // by namespace and name
	rules  Rules
	asked  []string // METHOD path, as they came
	tokens []string
}

// Rules are what makes a server refuse.
type Rules struct {
	Sealed   bool                                              // 503 to everything
	Deny     func(method, path string) bool                    // 403, as a policy would
	Instead  func(w http.ResponseWriter, r *http.Request) bool // answers itself and says so
	Undelete bool                                              // says that it has deleted and has not
}

type transitKey struct {
	versions  []cipher.AEAD
	madeAt    int64
	deletable bool
	exposed   bool
}

// New starts a server that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s := &Server{keys: map[string]*transitKey{}}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

// NewTLS starts one with a certificate, and gives that as PEM's DER.
func NewTLS(t testing.TB) (s *Server, certificate []byte) {
	t.Helper()
	s = &Server{keys: map[string]*transitKey{}}
	web := httptest.NewTLSServer(s)
	web.Config.ErrorLog = nil
	t.Cleanup(web.Close)
	s.URL = web.URL
	return s, web.Certificate().Raw
}

// Set replaces the rules.
func (s *Server) Set(r Rules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = r
}

// Asked lists what was asked since the last call.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// Names lists the keys, with their namespace before a bar.
func (s *Server) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.keys))
}

// ServeHTTP is the server.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, _ := strings.CutPrefix(r.URL.Path, "/v1/")
	s.asked = append(s.asked, r.Method+" "+path)
	if s.rules.Instead != nil && s.rules.Instead(w, r) {
		return
	}
	switch {
	case s.rules.Sealed:
		refuse(w, http.StatusServiceUnavailable, "Vault is sealed")
		return
	case r.Header.Get("X-Vault-Token") != Token, s.rules.Deny != nil && s.rules.Deny(r.Method, path):
		refuse(w, http.StatusForbidden, "permission denied")
		return
	}
	rest, ours := strings.CutPrefix(path, Mount+"/")
	if !ours {
		refuse(w, http.StatusNotFound, fmt.Sprintf("no handler for route %q. route entry not found.", path))
		return
	}
	var body map[string]any
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		if json.NewDecoder(r.Body).Decode(&body) != nil {
			refuse(w, http.StatusBadRequest, "error parsing JSON")
			return
		}
	}
	s.route(w, r, r.Header.Get("X-Vault-Namespace"), rest, body)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request, namespace, rest string, body map[string]any) {
	verb, name, _ := strings.Cut(rest, "/")
	name, config := strings.CutSuffix(name, "/config")
	full := strings.Trim(namespace, "/") + "|" + name
	switch posts := r.Method == http.MethodPost || r.Method == http.MethodPut; {
	case verb == "keys" && name == "" && (r.Method == "LIST" || r.Method == http.MethodGet && r.URL.Query().Get("list") == "true"):
		s.list(w, namespace)
	case strings.Contains(name, "/") || name == "":
		refuse(w, http.StatusNotFound, "unsupported path")
	case verb == "keys" && config && posts:
		s.configure(w, full, body)
	case verb == "keys" && !config && posts:
		s.make(w, full, body)
	case verb == "keys" && !config && r.Method == http.MethodGet:
		s.read(w, full)
	case verb == "keys" && !config && r.Method == http.MethodDelete:
		s.remove(w, name, full)
	case verb == "encrypt" && posts:
		s.encrypt(w, full, body)
	case verb == "decrypt" && posts:
		s.decrypt(w, full, body)
	default:
		refuse(w, http.StatusMethodNotAllowed, "unsupported operation")
	}
}

func (s *Server) list(w http.ResponseWriter, namespace string) {
	var names []string
	for full := range s.keys {
		if name, ours := strings.CutPrefix(full, strings.Trim(namespace, "/")+"|"); ours {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		refuse(w, http.StatusNotFound)
		return
	}
	slices.Sort(names)
	answer(w, map[string]any{"keys": names})
}

// make leaves a key that there is as it is.
func (s *Server) make(w http.ResponseWriter, full string, body map[string]any) {
	if kind, given := body["type"]; given && kind != "aes256-gcm96" {
		refuse(w, http.StatusBadRequest, "unknown key type")
		return
	}
	if s.keys[full] == nil {
		exposed, _ := body["exportable"].(bool)
		s.keys[full] = &transitKey{versions: []cipher.AEAD{newAEAD()}, madeAt: clock.PaceNow().Unix(), exposed: exposed}
	}
	s.read(w, full)
}

func newAEAD() cipher.AEAD {
	key := make([]byte, 32)
	rand.Read(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}

func (s *Server) configure(w http.ResponseWriter, full string, body map[string]any) {
	k := s.keys[full]
	if k == nil {
		refuse(w, http.StatusBadRequest, "no existing key could be found")
		return
	}
	if allowed, given := body["deletion_allowed"].(bool); given {
		k.deletable = allowed
	}
	s.read(w, full)
}

func (s *Server) read(w http.ResponseWriter, full string) {
	k := s.keys[full]
	if k == nil {
		refuse(w, http.StatusNotFound)
		return
	}
	_, name, _ := strings.Cut(full, "|")
	versions := map[string]int64{}
	for i := range k.versions {
		versions[strconv.Itoa(i+1)] = k.madeAt
	}
	answer(w, map[string]any{"name": name, "type": "aes256-gcm96", "exportable": k.exposed, "allow_plaintext_backup": false,
		"deletion_allowed": k.deletable, "latest_version": len(k.versions), "min_decryption_version": 1, "keys": versions})
}

func (s *Server) remove(w http.ResponseWriter, name, full string) {
	k := s.keys[full]
	switch {
	case k == nil:
		refuse(w, http.StatusBadRequest, "error deleting policy "+name+": could not delete key; not found")
		return
	case !k.deletable:
		refuse(w, http.StatusBadRequest, "error deleting policy "+name+": deletion is not allowed for this key")
		return
	case !s.rules.Undelete:
		delete(s.keys, full)
	}
	w.WriteHeader(http.StatusNoContent)
}

// encrypt makes a key that there is not, as a token that may create one has it.
func (s *Server) encrypt(w http.ResponseWriter, full string, body map[string]any) {
	text, _ := body["plaintext"].(string)
	plain, err := base64.StdEncoding.DecodeString(text)
	if _, given := body["plaintext"]; !given || err != nil {
		refuse(w, http.StatusBadRequest, "failed to base64-decode plaintext")
		return
	}
	if s.keys[full] == nil {
		s.keys[full] = &transitKey{versions: []cipher.AEAD{newAEAD()}, madeAt: clock.PaceNow().Unix()}
	}
	k := s.keys[full]
	version := len(k.versions)
	nonce := make([]byte, 12)
	rand.Read(nonce)
	box := k.versions[version-1].Seal(nonce, nonce, plain, nil)
	answer(w, map[string]any{"ciphertext": fmt.Sprintf("vault:v%d:%s", version, base64.StdEncoding.EncodeToString(box)), "key_version": version})
}

func (s *Server) decrypt(w http.ResponseWriter, full string, body map[string]any) {
	k := s.keys[full]
	if k == nil {
		refuse(w, http.StatusBadRequest, "encryption key not found")
		return
	}
	text, _ := body["ciphertext"].(string)
	number, box, found := strings.Cut(strings.TrimPrefix(text, "vault:v"), ":")
	version, err := strconv.Atoi(number)
	raw, notBase64 := base64.StdEncoding.DecodeString(box)
	switch {
	case !strings.HasPrefix(text, "vault:v") || !found || err != nil:
		refuse(w, http.StatusBadRequest, "invalid ciphertext: no prefix")
		return
	case version < 1 || version > len(k.versions):
		refuse(w, http.StatusBadRequest, "invalid ciphertext: version is too new")
		return
	case notBase64 != nil || len(raw) < 12:
		refuse(w, http.StatusBadRequest, "invalid ciphertext: could not decode base64")
		return
	}
	plain, err := k.versions[version-1].Open(nil, raw[:12], raw[12:], nil)
	if err != nil {
		refuse(w, http.StatusBadRequest, "cipher: message authentication failed")
		return
	}
	answer(w, map[string]any{"plaintext": base64.StdEncoding.EncodeToString(plain)})
}

func answer(w http.ResponseWriter, data any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"request_id": "baotest", "lease_duration": 0, "renewable": false, "data": data})
}

func refuse(w http.ResponseWriter, status int, said ...string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": append([]string{}, said...)})
}
