package part_test

import (
	"strings"
	"testing"

	"gallra.se/services/case-linker/internal/part"
)

var (
	anna  = part.Person{Number: 1, Name: "Anna-Lisa Kanarie", NationalID: "199001012385"}
	bo    = part.Person{Number: 2, Name: "Bo Åkerprov", NationalID: "199002102391"}
	pekka = part.Person{Number: 3, Name: "Pekka Testinen", NationalID: "010594Y9032"}
	all   = []part.Person{anna, bo, pekka}
)

func TestAMentionOfSomebodyElseIsATokenInEveryFormThatItIsWrittenIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Anna-Lisa Kanarie can start":          "[person 1] can start",
		"ANNA-LISA  KANARIE, 199001012385":     "[person 1], [person 1]",
		"19900101-2385; 900101-2385":           "[person 1]; [person 1]",
		"9001012385 and 900101+2385":           "[person 1] and [person 1]",
		"Lisa and Kanaries dog, kanarien":      "[person 1] and [person 1]s dog, [person 1]n",
		"010594Y9032, 010594-9032, 0105949032": "[person 3], [person 3], [person 3]",
		"010594y9032 pekka testisen":           "[person 3] [person 3] testisen", // no grammar: only what begins like the name
		"Susanna is a stranger":                "Susanna is a stranger",
		"Åkerprovs bil":                        "Åkerprovs bil", // Bo's own part
		"han ville bo där":                     "han ville bo där",
		"":                                     "",
	} {
		if got := part.Alone(text, 2, all); got != want {
			t.Errorf("%q reads %q, expected %q", text, got, want)
		}
	}
	if got := part.Alone("Bo ville bo hos Bosse; ÅKERPROVS, A\u030akerprov", 1, all); got != "[person 2] ville bo hos Bosse; [person 2]S, [person 2]" {
		t.Errorf("a short name, and letters with marks, read %q", got)
	}
}

func TestAllPartsTogetherAreTheTextAsItWasWritten(t *testing.T) {
	t.Parallel()
	const common = "ANNA-lisa met [person 2], that is Bo (900210-2391), and 19900101 2385."
	segments := map[int]string{1: "Anna owes Bo Åkerprov money.", 2: "Bo says nothing of Kanarie."}
	texts := part.Cut(common, segments, all[:2])
	parts := map[int]part.Texts{1: texts.Of(1), 2: texts.Of(2)}
	whole := part.Assemble(parts)
	if whole.Common != common || whole.Segments[1] != segments[1] || whole.Segments[2] != segments[2] {
		t.Errorf("%+v", whole)
	}
	delete(parts, 1)
	whole = part.Assemble(parts)
	if want := "[person 1]-[person 1] met [person 2], that is Bo (900210-2391), and [person 1]."; whole.Common != want {
		t.Errorf("without Anna's part: %q", whole.Common)
	}
	if _, there := whole.Segments[1]; there || whole.Segments[2] != "Bo says nothing of [person 1]." {
		t.Errorf("without Anna's part: %v", whole.Segments)
	}
}

func TestNothingOfAPersonLiesInAnothersPart(t *testing.T) {
	t.Parallel()
	texts := part.Cut("Anna-Lisa Kanarie and Bo Åkerprov", map[int]string{1: "secret of Anna, told by Bo", 2: "secret of Bo, told by Anna"}, all[:2])
	for number, others := range map[int][]string{1: {"Bo", "Åkerprov", "secret of Bo"}, 2: {"Anna", "Kanarie", "secret of Anna"}} {
		for _, pieces := range append([][]part.Piece{texts.Of(number).Common}, texts.Of(number).Segments[1], texts.Of(number).Segments[2]) {
			for _, p := range pieces {
				for _, other := range others {
					if strings.Contains(p.Text, other) {
						t.Errorf("the part of %d holds %q", number, p.Text)
					}
				}
			}
		}
	}
	if !texts.Mentioned(2) || texts.Mentioned(3) {
		t.Error("who is mentioned is not told")
	}
}

func FuzzPartsTogetherAreTheText(f *testing.F) {
	f.Add("Anna-Lisa Kanarie (19900101-2385) och Bo", "Åkerprovs")
	f.Fuzz(func(t *testing.T, common, segment string) {
		texts := part.Cut(common, map[int]string{2: segment}, all)
		whole := part.Assemble(map[int]part.Texts{1: texts.Of(1), 2: texts.Of(2), 3: texts.Of(3)})
		if whole.Common != common || whole.Segments[2] != segment {
			t.Errorf("%q %q became %q %q", common, segment, whole.Common, whole.Segments[2])
		}
	})
}
