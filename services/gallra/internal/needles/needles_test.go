package needles

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

const (
	name   = "Kanarieåsa"
	number = "199001012385"
	hetu   = "250777-9720"
	phone  = "+46701740680"
)

func compiled(t *testing.T, needles ...string) *Set {
	t.Helper()
	set, err := Compile(needles)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestAPlantedNeedleIsFoundInEveryForm(t *testing.T) {
	t.Parallel()
	set := compiled(t, name, number, hetu, phone)
	forms := map[string]struct {
		needle int
		text   string
	}{
		"as it is":             {0, name},
		"utf-16":               {0, utf16le(name)},
		"latin-1":              {0, "Kanarie\xe5sa"},
		"json escapes":         {0, `Kanarie\u00e5sa`},
		"hex":                  {0, hex.EncodeToString([]byte(name))},
		"upper hex":            {0, strings.ToUpper(hex.EncodeToString([]byte(name)))},
		"base64, alignment 0":  {0, base64.StdEncoding.EncodeToString([]byte(name + "!"))},
		"base64, alignment 1":  {0, base64.StdEncoding.EncodeToString([]byte("x" + name + "!"))},
		"base64, alignment 2":  {0, base64.StdEncoding.EncodeToString([]byte("xy" + name + "!"))},
		"twelve digits":        {1, number},
		"ten digits":           {1, "9001012385"},
		"ten digits, dashed":   {1, "900101-2385"},
		"twelve, dashed":       {1, "19900101-2385"},
		"twelve, spaced":       {1, "19900101 2385"},
		"ten digits in base64": {1, base64.StdEncoding.EncodeToString([]byte("<900101-2385>"))},
		"a HETU":               {2, hetu},
		"a HETU, spaced":       {2, "250777 9720"},
		"a number abroad":      {3, phone},
		"a number at home":     {3, "0701740680"},
		"a number, dashed":     {3, "070-1740680"},
		"a number, grouped":    {3, "070-174 06 80"},
	}
	for label, form := range forms {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			finds, err := set.Scan(strings.NewReader("before "+form.text+" after"), "planted")
			if err != nil {
				t.Fatal(err)
			}
			if len(finds) != 1 || finds[0].Needle != form.needle {
				t.Fatalf("finds = %+v, want needle %d once", finds, form.needle)
			}
		})
	}
}

func TestANeedleAcrossABlockBoundaryIsFound(t *testing.T) {
	t.Parallel()
	set := compiled(t, name)
	for _, before := range []int{blockSize - 4, blockSize - 1, blockSize, 2*blockSize - 5} {
		content := append(bytes.Repeat([]byte{'-'}, before), name...)
		finds, err := set.Scan(bytes.NewReader(content), "long")
		if err != nil {
			t.Fatal(err)
		}
		if len(finds) != 1 || finds[0].Offset != int64(before) {
			t.Errorf("behind %d bytes: finds = %+v", before, finds)
		}
	}
}

func TestADirectoryIsSearchedThroughAndNamedByFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "deep", "down", "segment"), "\x00\x01"+phone)
	write(t, filepath.Join(dir, "clean"), "nothing here, 46701740681")
	write(t, filepath.Join(dir, number), "its name says it")
	finds, err := compiled(t, name, number, phone).ScanDir(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, f := range finds {
		found[f.File] = f.Needle
	}
	if len(found) != 2 || found[filepath.Join("deep", "down", "segment")] != 2 || found[number] != 1 {
		t.Fatalf("finds = %+v", finds)
	}
}

func TestANeedleThatChanceWouldFindIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := Compile([]string{"Bo"}); err == nil {
		t.Fatal("two bytes were accepted")
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
