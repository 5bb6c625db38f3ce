package devlogin

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"gallra.se/libs/clock"
)

// tokenLife is how long an ID token is good for.
const tokenLife = 5 * time.Minute

// token exchanges a code for an ID token. The client proves itself by the PKCE verifier alone.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		refuse(w, "invalid_request")
		return
	}
	client := r.PostForm.Get("client_id")
	if user, _, basic := r.BasicAuth(); basic {
		client = user
	}
	c, found := p.taken(r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	if client != ClientID || r.PostForm.Get("grant_type") != "authorization_code" || r.PostForm.Get("redirect_uri") != p.callback || !found ||
		subtle.ConstantTimeCompare([]byte(challenge), []byte(c.challenge)) != 1 {
		refuse(w, "invalid_grant")
		return
	}
	signed, err := p.sign(c)
	if err != nil {
		http.Error(w, "no token can be made", http.StatusInternalServerError)
		return
	}
	answer(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(tokenLife.Seconds()), "id_token": signed})
}

func (p *Provider) sign(c code) (string, error) {
	now := clock.PaceNow()
	claims := jwt.MapClaims{"iss": p.issuer, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix(), "nonce": c.nonce}
	for name, value := range c.persona.claims() {
		claims[name] = value
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	t.Header["kid"] = keyID
	return t.SignedString(p.key)
}

func refuse(w http.ResponseWriter, why string) {
	answer(w, http.StatusBadRequest, map[string]string{"error": why})
}
