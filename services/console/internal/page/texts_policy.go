package page

// PolicyTexts are the words of the rules, their history and a planned change.
type PolicyTexts struct {
	Nav, Title, Lead, Version, Hash, About, Counted, Since, FromThen, Until       string
	Floor, Absolute, Reuse, History, ValidFrom, Activated, NoHistory, NotTold     string
	Plan, PlanLead, PlanOf, Becomes, Was, Change, NoPlan, NoMove, AtOnce, Earlier string
	Later, Unchanged, Living, Total, ChartOf, Month, Table, HowActivate           string
	Why, Changes, NoMonth, Highest, RuleTable, KeptUntilArchive                   string
}

var englishPolicy = PolicyTexts{
	Nav: "Policies", Title: "The rules", Lead: "What each authority has promised, rule by rule, since when, and what a planned change would do.",
	Version: "Version in force", Hash: "Hash", About: "About", Counted: "Counted from", Since: "since", FromThen: "from", Until: "until",
	Floor: "floor: nobody deletes earlier", Absolute: "no hold passes it", Reuse: "may be used again",
	History: "Put into force", ValidFrom: "Valid from", Activated: "Activated", NoHistory: "Nothing has been changed since the system was started with it.",
	NotTold: "retention-timer has not told what has been put into force.",
	Plan:    "The last plan", PlanLead: "What the change would do to the records that live now.", PlanOf: "Plan", Becomes: "Becomes", Was: "Was", Change: "Change",
	NoPlan: "No change has been planned. Make a plan with:", NoMove: "No living record would move.", AtOnce: "at once", Earlier: "earlier", Later: "later", Unchanged: "unchanged",
	Living: "living records", Total: "in all", ChartOf: "records that would move, by the month in which they would go", Month: "New month", Table: "The same as a table",
	HowActivate: "It is put into force by whoever has looked at this plan:",
	Why:         "Why", Changes: "What changes", NoMonth: "no day", Highest: "highest month", RuleTable: "Rules",
	KeptUntilArchive: "preserved, no end",
}

var swedishPolicy = PolicyTexts{
	Nav: "Regler", Title: "Reglerna", Lead: "Vad varje myndighet har lovat, regel för regel, sedan när, och vad en planerad ändring skulle göra.",
	Version: "Gällande version", Hash: "Kontrollsumma", About: "Gäller", Counted: "Räknas från", Since: "sedan", FromThen: "från", Until: "till",
	Floor: "golv: ingen gallrar tidigare", Absolute: "ingen spärr går förbi den", Reuse: "får användas igen",
	History: "Satt i kraft", ValidFrom: "Gäller från", Activated: "Aktiverad", NoHistory: "Inget har ändrats sedan systemet startades med den.",
	NotTold: "retention-timer har inte sagt vad som har satts i kraft.",
	Plan:    "Den senaste planen", PlanLead: "Vad ändringen skulle göra med de handlingar som lever nu.", PlanOf: "Plan", Becomes: "Blir", Was: "Var", Change: "Ändring",
	NoPlan: "Ingen ändring är planerad. Gör en plan med:", NoMove: "Ingen levande handling skulle flyttas.", AtOnce: "genast", Earlier: "tidigare", Later: "senare", Unchanged: "oförändrat",
	Living: "levande handlingar", Total: "sammanlagt", ChartOf: "handlingar som skulle flyttas, efter den månad då de skulle gallras", Month: "Ny månad", Table: "Samma sak som tabell",
	HowActivate: "Den sätts i kraft av den som har sett på denna plan:",
	Why:         "Varför", Changes: "Vad som ändras", NoMonth: "ingen dag", Highest: "högsta månaden", RuleTable: "Regler",
	KeptUntilArchive: "bevaras, utan slut",
}
