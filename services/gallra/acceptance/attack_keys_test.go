package acceptance

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"gallra.se/events"
	"gallra.se/libs/seal"
)

// attacker knows how everything is encrypted, and tries every key that can be had on everything. It does not care for
// tags nor for what a box is bound to: AES-GCM is AES-CTR, and what it opens to is read. It is written from the
// description of the formats, and shares no code with them.
type attacker struct {
	loot  *loot
	pages map[string][][]byte // page keys by page id
	units [][]byte
}

// stream decrypts nonce | ciphertext | tag without looking at the tag.
func stream(key, box []byte) []byte {
	if len(box) < 12+16 {
		return nil
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	start := append(bytes.Clone(box[:12]), 0, 0, 0, 2)
	plain := make([]byte, len(box)-12-16)
	cipher.NewCTR(block, start).XORKeyStream(plain, box[12:len(box)-16])
	return plain
}

func derived(key []byte, purpose string) []byte {
	out, err := hkdf.Expand(sha256.New, key, "gallra keyring v1|"+purpose, 32)
	if err != nil {
		panic(err)
	}
	return out
}

func joinedParts(parts ...[]byte) (all []byte) {
	for _, part := range parts {
		all = append(binary.AppendUvarint(all, uint64(len(part))), part...)
	}
	return all
}

// attack opens page tables with every root, units with every page key, and keeps what keys come out.
func attack(l *loot) *attacker {
	a := &attacker{loot: l, pages: map[string][][]byte{}}
	known := map[string]bool{}
	for name, rows := range l.rows {
		if strings.HasSuffix(name, ".key_page") {
			for _, r := range rows {
				known[r.text("id")] = true
			}
		}
	}
	roots := slices.Concat(slices.Collect(maps.Values(l.roots))...)
	for name, rows := range l.rows {
		if !strings.HasSuffix(name, ".key_shelf") {
			continue
		}
		for _, shelf := range distinct(rows, "box") {
			for _, root := range roots {
				for entry := range slices.Chunk(stream(root, shelf.bytesOf("box")), 48) {
					if id, err := uuid.FromBytes(entry[:16]); err == nil && known[id.String()] && len(entry) == 48 {
						a.pages[id.String()] = append(a.pages[id.String()], entry[16:])
					}
				}
			}
		}
	}
	seen := map[string]bool{}
	for name, rows := range l.rows {
		if !strings.HasSuffix(name, ".key_unit") {
			continue
		}
		for _, column := range []string{"wrapped", "fresh"} {
			for _, r := range distinct(rows, column) {
				for _, page := range a.pages[r.text("page")] {
					plain := stream(page, r.bytesOf(column))
					if len(plain) >= 32 && !seen[string(plain[:32])] {
						seen[string(plain[:32])] = true
						a.units = append(a.units, plain[:32])
					}
				}
			}
		}
	}
	return a
}

// distinct is the rows with different values of a bytea column that is there.
func distinct(rows []row, column string) (out []row) {
	seen := map[string]bool{}
	for _, r := range rows {
		if box := r.text(column); box != "" && !seen[box] {
			seen[box] = true
			out = append(out, r)
		}
	}
	return out
}

// boxes tries every unit key on every box of every table, and hands over what comes out.
func (a *attacker) boxes(read func(plain []byte)) (tried int) {
	wraps := make([][]byte, len(a.units))
	for i, unit := range a.units {
		wraps[i] = derived(unit, "wrap")
	}
	seen := map[string]bool{}
	for name, rows := range a.loot.rows {
		if strings.Contains(name, ".key_") || strings.Contains(name, ".outbox") {
			continue
		}
		for _, r := range rows {
			for column := range r {
				box := r.bytesOf(column)
				if len(box) < 1+60+28 || box[0] != 1 || seen[string(box)] {
					continue
				}
				seen[string(box)] = true
				tried++
				for _, wrap := range wraps {
					if plain := stream(stream(wrap, box[1:61]), box[61:]); printable(plain) {
						read(plain)
					}
				}
			}
		}
	}
	return tried
}

// printable says that a text may be one: what a wrong key gives is noise.
func printable(plain []byte) bool {
	for _, b := range plain[:min(8, len(plain))] {
		if b < 0x20 || b > 0x7e {
			return false
		}
	}
	return len(plain) > 0
}

// sealed tries every transport key on every sealed box of every event.
func (a *attacker) sealed(read func(plain []byte)) (tried int) {
	private := map[string][][]byte{}
	for name, rows := range a.loot.rows {
		if !strings.HasSuffix(name, ".key_transport") {
			continue
		}
		for _, r := range rows {
			for _, page := range a.pages[r.text("page")] {
				private[r.text("id")] = append(private[r.text("id")], stream(page, r.bytesOf("wrapped")))
			}
		}
	}
	for _, e := range a.loot.events {
		var box []byte
		if json.Unmarshal(e.Data["sealed"], &box) != nil || len(box) == 0 {
			continue
		}
		tried++
		for _, key := range private[e.KeyID] {
			for _, aad := range boundTo(e) {
				if plain, err := seal.Open(key, aad, box); err == nil {
					read(plain)
				}
			}
		}
	}
	return tried
}

// boundTo is what the box of an event may be bound to.
func boundTo(e event) (all [][]byte) {
	authority := strings.Split(e.Source, "/")[2]
	all = append(all, events.StatisticsAAD(e.Type, authority))
	for _, name := range []string{"contact", "note", "entry", "complaint", "call", "recording", "participant"} {
		var id uuid.UUID
		if json.Unmarshal(e.Data[name], &id) == nil {
			all = append(all, events.NotedAAD(authority, id), events.RecordedAAD(authority, id), events.UnlinkedAAD(authority, id), events.AccessAAD(authority, id))
		}
	}
	return all
}

// attributed returns the numbers of a list for which a look-up entry was found, by trying each with every key.
func (a *attacker) attributed(numbers []string) map[string]bool {
	found := map[string]bool{}
	var keys [][]byte
	for _, page := range a.pages {
		keys = append(keys, page...)
	}
	macs, purposes, kept := map[string]bool{}, map[string]bool{}, [][]byte(nil)
	for name, rows := range a.loot.rows {
		if !strings.HasSuffix(name, ".key_lookup") {
			continue
		}
		for _, r := range rows {
			macs[string(r.bytesOf("mac"))], purposes[r.text("purpose")] = true, true
			if box := r.bytesOf("sealed"); box != nil {
				kept = append(kept, box)
			}
		}
	}
	fingerprints := map[string]string{}
	for purpose := range purposes {
		for _, number := range numbers {
			f := sha256.Sum256(joinedParts([]byte(purpose), []byte(number)))
			fingerprints[string(f[:])] = number
		}
	}
	for _, key := range keys {
		index, keep := derived(key, "index"), derived(key, "fingerprint")
		for f, number := range fingerprints {
			h := hmac.New(sha256.New, index)
			h.Write([]byte(f))
			if macs[string(h.Sum(nil))] {
				found[number] = true
			}
		}
		for _, box := range kept {
			if number, ok := fingerprints[string(stream(keep, box))]; ok {
				found[number] = true
			}
		}
	}
	return found
}
