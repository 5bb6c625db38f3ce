package notice

import "gallra.se/libs/policy"

// Markdown is the notice of a pack in one language, "sv" or "en".
func Markdown(p *policy.Pack, lang string) string { return "# " + p.Controller + "\n" }
