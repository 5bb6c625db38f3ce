package policy

import (
	"slices"

	"gallra.se/libs/policy/internal/strict"
)

// Line is a telephone line and whether its calls are recorded (KSC-08, KSC-09).
type Line struct {
	Name        string
	Recorded    bool
	Requirement string
}

// Recording says which calls are recorded, under what conditions, and for what they may be played.
type Recording struct {
	Category, Rule, Requirement string
	NoticeRequirement           string // the customer is told before (KSC-15)
	LineRequirement             string // some lines are never recorded (KSC-09)
	StopRequirement             string // the customer may have it stopped (KSC-16)
	PurposeRequirement          string // what it is played for (KSC-06, KSC-07)
	ExtensionRequirement        string // how a single one is kept longer (KSC-14)
	Purposes                    []string
	Index                       []string // fields by which a recording is described (KSC-11)
	Lines                       []Line
}

// Recording is what the pack says of recorded calls, and whether the authority records any.
func (p *Pack) Recording() (Recording, bool) { return p.recording, p.recording.Category != "" }

// Line is the line with that name; an unknown one is neither recorded nor a line.
func (r Recording) Line(name string) (Line, bool) {
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Name == name })
	if i < 0 {
		return Line{}, false
	}
	return r.Lines[i], true
}

type recordingDoc struct {
	At                   strict.Place
	Category             string    `yaml:"category"`
	Rule                 string    `yaml:"rule"`
	Requirement          string    `yaml:"requirement"`
	NoticeRequirement    string    `yaml:"noticeRequirement"`
	LineRequirement      string    `yaml:"lineRequirement"`
	StopRequirement      string    `yaml:"stopRequirement"`
	PurposeRequirement   string    `yaml:"purposeRequirement"`
	ExtensionRequirement string    `yaml:"extensionRequirement"`
	Purposes             []string  `yaml:"purposes"`
	Index                []string  `yaml:"index"`
	Lines                []lineDoc `yaml:"lines"`
}

type lineDoc struct {
	At          strict.Place
	Name        string `yaml:"name"`
	Recorded    bool   `yaml:"recorded"`
	Requirement string `yaml:"requirement"`
}

func (d recordingDoc) recording() Recording {
	r := Recording{d.Category, d.Rule, d.Requirement, d.NoticeRequirement, d.LineRequirement, d.StopRequirement, d.PurposeRequirement,
		d.ExtensionRequirement, d.Purposes, d.Index, nil}
	for _, l := range d.Lines {
		r.Lines = append(r.Lines, Line{l.Name, l.Recorded, l.Requirement})
	}
	return r
}
