package chatbot

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Found is what a question is answered with. ID names the answer, whatever its language; it says nothing of the question.
type Found struct{ ID, Text string }

// NoAnswer is the ID of the answer to what nothing was found for.
const NoAnswer = "none"

//go:embed answers.yaml
var builtIn []byte

// base is the built-in answers, in the order of the file, one per language.
var base = mustRead(builtIn)

// Find picks the answer to a question that was Stripped: the one whose words it uses most, the earlier of two alike. Words
// that no answer has change nothing, so that a name which slipped through does not either.
func Find(stripped []byte) Found { return base.find(stripped) }

type answers struct {
	known  []known
	weight map[string]int // rarer words say more
	none   map[string]string
}

type known struct {
	id, language, text string
	words              []string
}

func (a answers) find(question []byte) Found {
	asked := words(question)
	best, most := known{id: NoAnswer, text: a.none[Swedish] + " / " + a.none[English]}, 0
	for _, k := range a.known {
		score := 0
		for _, word := range k.words {
			if asked[word] {
				score += a.weight[word]
			}
		}
		if score > most {
			best, most = k, score
		}
	}
	return Found{ID: best.id, Text: best.text}
}

// words are a question's words in small letters; one with a digit in it is none.
func words(question []byte) map[string]bool {
	found := map[string]bool{}
	for _, field := range bytes.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' && !unicode.IsDigit(r) }) {
		if word := strings.ToLower(string(bytes.Trim(field, "-"))); word != "" && !strings.ContainsFunc(word, unicode.IsDigit) {
			found[word] = true
		}
	}
	return found
}

// The languages that every answer has.
const (
	Swedish = "sv"
	English = "en"
)

type said struct {
	Words []string `yaml:"words"`
	Text  string   `yaml:"text"`
}

type document struct {
	Answers []struct {
		ID string `yaml:"id"`
		Sv said   `yaml:"sv"`
		En said   `yaml:"en"`
	} `yaml:"answers"`
	None map[string]string `yaml:"none"`
}

// mustRead panics: the answers are part of the program.
func mustRead(text []byte) answers {
	a, err := read(text)
	if err != nil {
		panic("chatbot answers: " + err.Error())
	}
	return a
}

func read(text []byte) (answers, error) {
	var d document
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&d); err != nil {
		return answers{}, err
	}
	a := answers{none: d.None}
	uses := map[string]int{}
	for _, one := range d.Answers {
		for language, s := range map[string]said{Swedish: one.Sv, English: one.En} {
			if one.ID == "" || s.Text == "" || len(s.Words) == 0 || d.None[language] == "" {
				return answers{}, fmt.Errorf("answer %q has no words or no text in %q", one.ID, language)
			}
			for _, word := range s.Words {
				uses[word]++
			}
		}
		a.known = append(a.known, known{one.ID, Swedish, one.Sv.Text, distinct(one.Sv.Words)}, known{one.ID, English, one.En.Text, distinct(one.En.Words)})
	}
	a.weight = make(map[string]int, len(uses))
	for word, n := range uses {
		a.weight[word] = rare / n
	}
	return a, nil
}

// rare is what a word counts that one answer alone has.
const rare = 60

func distinct(in []string) []string {
	out := slices.Clone(in)
	slices.Sort(out)
	return slices.Compact(out)
}
