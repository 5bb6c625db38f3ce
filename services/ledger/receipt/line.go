package receipt

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// line is one `name: value` line of a leaf. write refuses values that have no
// form; read may be generous, since whoever reads writes again and compares.
type line struct {
	name  string
	write func(*Leaf) (string, error)
	read  func(*Leaf, string) error
}

const maxValue = 256

var (
	codeForm = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`) // printable ASCII, no blank at either end
	uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func text(name string, at func(*Leaf) *string, check func(string) error) line {
	return line{name,
		func(l *Leaf) (string, error) { return *at(l), check(*at(l)) },
		func(l *Leaf, s string) error { *at(l) = s; return check(s) }}
}

func code(name string, at func(*Leaf) *string) line {
	return text(name, at, checkCode)
}

func checkCode(s string) error {
	if len(s) > maxValue || !codeForm.MatchString(s) {
		return errors.New("not a code")
	}
	return nil
}

func identifier(name string, at func(*Leaf) *string) line {
	return text(name, at, func(s string) error {
		if !uuidForm.MatchString(s) {
			return errors.New("not a UUID in lower case")
		}
		return nil
	})
}

func date(name string, at func(*Leaf) *string) line {
	return text(name, at, func(s string) error {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return errors.New("not a civil date")
		}
		return nil
	})
}

func instant(name string, at func(*Leaf) *time.Time) line {
	return line{name,
		func(l *Leaf) (string, error) { return writeInstant(*at(l)) },
		func(l *Leaf, s string) error {
			t, err := time.Parse(time.RFC3339Nano, s)
			if err != nil {
				return errors.New("not an instant")
			}
			*at(l) = t.UTC()
			return nil
		}}
}

func writeInstant(t time.Time) (string, error) {
	t = t.UTC()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return "", errors.New("no instant")
	}
	if !t.Truncate(time.Microsecond).Equal(t) {
		return "", errors.New("finer than a microsecond")
	}
	return t.Format(time.RFC3339Nano), nil
}

func count(name string, at func(*Leaf) *int64) line {
	return line{name,
		func(l *Leaf) (string, error) {
			if *at(l) < 0 || *at(l) > most {
				return "", errors.New("not a count")
			}
			return strconv.FormatInt(*at(l), 10), nil
		},
		func(l *Leaf, s string) (err error) {
			if *at(l), err = strconv.ParseInt(s, 10, 64); err != nil {
				return errors.New("not a number")
			}
			return nil
		}}
}

func bytes(name string, at func(*Leaf) *[]byte) line {
	return line{name,
		func(l *Leaf) (string, error) {
			if n := len(*at(l)); n < 16 || n > 64 {
				return "", fmt.Errorf("has %d bytes, not 16 to 64", n)
			}
			return base64.StdEncoding.EncodeToString(*at(l)), nil
		},
		func(l *Leaf, s string) (err error) { *at(l), err = decode(s); return err }}
}

func list(name string, at func(*Leaf) *[]string) line {
	return line{name,
		func(l *Leaf) (string, error) {
			for _, s := range *at(l) {
				if s == none || strings.ContainsRune(s, ',') {
					return "", errors.New("a name that would not be read again")
				}
				if err := checkCode(s); err != nil {
					return "", err
				}
			}
			all := strings.Join(*at(l), ",")
			if all == "" {
				all = none
			}
			return all, nil
		},
		func(l *Leaf, s string) error {
			*at(l) = nil
			if s != none {
				*at(l) = strings.Split(s, ",")
			}
			return nil
		}}
}

// none stands for an empty list.
const none = "-"

func decode(s string) ([]byte, error) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		return nil, errors.New("not strict base64")
	}
	return b, nil
}
