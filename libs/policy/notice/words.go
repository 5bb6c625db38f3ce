package notice

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"gallra.se/libs/policy"
)

// glossary gives the words of packs to readers: code → English and Swedish.
type glossary map[string]policy.Title

// word is a code in the notice's language, or the code itself where the glossary lacks it.
func (w *writer) word(g glossary, code string) string {
	if t, ok := g[code]; ok {
		return w.in(t)
	}
	return "`" + code + "`"
}

var (
	section  = regexp.MustCompile(`(SFS [0-9]+:[0-9]+) section ([0-9]+(?: [a-z]\b)?)`)
	inSwedes = strings.NewReplacer("first paragraph", "första stycket", "second paragraph", "andra stycket", "third paragraph", "tredje stycket",
		"GDPR article", "dataskyddsförordningen artikel")
)

// law is a reference to a law as the language writes it.
func (w *writer) law(reference string) string {
	if w.lang != "sv" {
		return reference
	}
	return inSwedes.Replace(section.ReplaceAllString(reference, "$1 $2 §"))
}

var channelNames = glossary{
	"phone":         {En: "Telephone", Sv: "Telefon"},
	"chat":          {En: "Chat", Sv: "Chatt"},
	"chatbot":       {En: "Chatbot", Sv: "Chattbot"},
	"email":         {En: "E-mail", Sv: "E-post"},
	"econtact":      {En: "Electronic contact request", Sv: "Elektronisk kontaktbegäran"},
	"visit":         {En: "Visit", Sv: "Besök"},
	"feedback":      {En: "Proposals and comments", Sv: "Förslag och synpunkter"},
	"survey":        {En: "Survey", Sv: "Enkät"},
	"web":           {En: "Website", Sv: "Webbplats"},
	"mail-campaign": {En: "Newsletters", Sv: "Nyhetsbrev"},
	"login":         {En: "Login to My pages", Sv: "Inloggning på Mina sidor"},
	"screen-share":  {En: "Screen sharing", Sv: "Skärmdelning"},
	"feed":          {En: "Data from others", Sv: "Uppgifter från andra"},
}

var fieldNames = glossary{
	"name":               {En: "name", Sv: "namn"},
	"nationalId":         {En: "personal identity number", Sv: "personnummer"},
	"address":            {En: "address", Sv: "adress"},
	"phoneNumber":        {En: "telephone number", Sv: "telefonnummer"},
	"email":              {En: "e-mail address", Sv: "e-postadress"},
	"text":               {En: "what you write", Sv: "det du skriver"},
	"ipAddress":          {En: "IP address", Sv: "IP-adress"},
	"municipality":       {En: "municipality", Sv: "kommun"},
	"ssyk":               {En: "occupation", Sv: "yrke"},
	"fund":               {En: "unemployment fund", Sv: "arbetslöshetskassa"},
	"nationalId/FI":      {En: "personal identity code", Sv: "personbeteckning"},
	"motherTongue":       {En: "mother tongue", Sv: "modersmål"},
	"education":          {En: "education", Sv: "utbildning"},
	"grades":             {En: "grades", Sv: "vitsord"},
	"skills":             {En: "skills", Sv: "yrkeskunnande"},
	"jobWishes":          {En: "wishes for work", Sv: "önskemål om arbete"},
	"health":             {En: "state of health", Sv: "hälsotillstånd"},
	"postcode":           {En: "postcode", Sv: "postnummer"},
	"workHistory":        {En: "work history", Sv: "arbetslivserfarenhet"},
	"programme":          {En: "programme", Sv: "program"},
	"benefitGranted":     {En: "benefit granted", Sv: "beviljad ersättning"},
	"supportAssignments": {En: "employment support", Sv: "anvisade stöd"},
	"lastActivityReport": {En: "date of the last activity report", Sv: "datum för senaste aktivitetsrapport"},
	"attendance":         {En: "attendance", Sv: "närvaro"},
	"result":             {En: "whether the electronic identity was genuine and valid", Sv: "om e-legitimationen var äkta och gällande"},
	"clickedLinks":       {En: "followed links", Sv: "följda länkar"},
	"orgNumber":          {En: "company number", Sv: "organisationsnummer"},
	"userId":             {En: "user name in a group", Sv: "användar-id i en grupp"},
	"partner":            {En: "partner", Sv: "partner"},
	"children":           {En: "children", Sv: "barn"},
	"closePerson":        {En: "close person", Sv: "närstående"},
	"birthDate":          {En: "date of birth", Sv: "födelsedatum"},
	"contactTime":        {En: "times of contacts", Sv: "tidpunkter för kontakter"},
	"contactEvent":       {En: "events in contacts", Sv: "händelser i kontakter"},
	"contactContent":     {En: "content of contacts", Sv: "innehåll i kontakter"},
	"county":             {En: "county", Sv: "län"},
	"industry":           {En: "industry", Sv: "bransch"},
	"staffNumber":        {En: "number of staff", Sv: "antal anställda"},
	"caseNumber":         {En: "case number", Sv: "ärendenummer"},
	"registrationDates":  {En: "from and until when you were registered", Sv: "från och till när du var inskriven"},
}

var triggerNames = glossary{
	string(policy.ContactEnded):      {En: "the contact ended", Sv: "att kontakten avslutades"},
	string(policy.MailReceived):      {En: "the mail was received", Sv: "att brevet kom in"},
	string(policy.Deregistered):      {En: "your registration ended", Sv: "att du slutat vara inskriven"},
	string(policy.CaseClosed):        {En: "the case was closed", Sv: "att ärendet avslutades"},
	string(policy.GroupEnded):        {En: "the group ended", Sv: "att gruppen slutat"},
	string(policy.RecruitmentClosed): {En: "the recruitment was closed", Sv: "att rekryteringen avslutades"},
	string(policy.TestTaken):         {En: "the test was taken", Sv: "att testet gjordes"},
	string(policy.Separation):        {En: "it was separated from your data", Sv: "att den skildes från dina uppgifter"},
	string(policy.RequestReceived):   {En: "the request was received", Sv: "att begäran kom in"},
	string(policy.ConsentWithdrawn):  {En: "you withdrew your consent", Sv: "att du återkallade ditt samtycke"},
	"refusal-served":                 {En: "the refusal was served", Sv: "att du fått del av avslaget"},
}

var categoryNames = glossary{
	"contact.phone-log":         {En: "the call log", Sv: "samtalsloggen"},
	"contact.chat":              {En: "chats", Sv: "chattar"},
	"contact.email":             {En: "e-mail", Sv: "e-post"},
	"contact.econtact":          {En: "electronic contact requests", Sv: "elektroniska kontaktbegäranden"},
	"contact.visit":             {En: "visits", Sv: "besök"},
	"contact.recording":         {En: "recorded calls", Sv: "inspelade samtal"},
	"contact.survey":            {En: "survey answers", Sv: "enkätsvar"},
	"contact.mail-event":        {En: "opens and clicks", Sv: "öppningar och klick"},
	"contact.feedback-document": {En: "letters with proposals and comments", Sv: "brev med förslag och synpunkter"},
	"contact.complaint":         {En: "complaints", Sv: "reklamationer"},
	"contact.login":             {En: "logins", Sv: "inloggningar"},
	"contact.feed":              {En: "deliveries from others", Sv: "leveranser från andra"},
	"contact.screen-share":      {En: "screen sharing", Sv: "skärmdelningar"},
	"finance.invoice":           {En: "invoices", Sv: "fakturor"},
	"contact.feedback":          {En: "proposals and comments", Sv: "förslag och synpunkter"},
	"group.participant":         {En: "participants of groups", Sv: "gruppdeltagare"},
	"person.identity":           {En: "who you are", Sv: "vem du är"},
	"case.file":                 {En: "case files", Sv: "akter"},
	"case.note":                 {En: "notes", Sv: "anteckningar"},
	"case.document":             {En: "official documents", Sv: "allmänna handlingar"},
	"case.draft":                {En: "drafts", Sv: "utkast"},
	"request.bare":              {En: "requests", Sv: "begäranden"},
	"statistics.row":            {En: "statistics", Sv: "statistik"},
}

var singleNames = glossary{"contact.recording": {En: "recording", Sv: "inspelning"}}

var caseTypeNames = glossary{
	"job-seeking": {En: "job-seeking", Sv: "arbetssökande"},
	"programme":   {En: "programmes", Sv: "program"},
	"benefit":     {En: "benefits", Sv: "ersättning"},
	"control":     {En: "control", Sv: "kontroll"},
	"recruitment": {En: "recruitment", Sv: "rekrytering"},
	"supplier":    {En: "suppliers", Sv: "leverantörer"},
	"finance":     {En: "finance", Sv: "ekonomi"},
	"feedback":    {En: "feedback", Sv: "synpunkter"},
	"service":     {En: "services", Sv: "tjänster"},
}

var exceptionNames = glossary{
	"open-case":        {En: "a case that is open", Sv: "ett öppet ärende"},
	"hold":             {En: "a hold for a court or complaint", Sv: "en spärr för domstol eller klagomål"},
	"restriction":      {En: "a restriction that you asked for", Sv: "en begränsning som du begärt"},
	"document-request": {En: "a request for the document that is not decided", Sv: "en begäran om handlingen som inte är avgjord"},
	"registration":     {En: "a new registration", Sv: "en ny inskrivning"},
	"reopening":        {En: "a case that is opened again", Sv: "ett ärende som öppnas igen"},
	"adoption":         {En: "a record that is taken into another open case", Sv: "en uppgift som tas in i ett annat öppet ärende"},
	"archive":          {En: "the archive of official documents", Sv: "arkiveringen av allmänna handlingar"},
	"extension":        {En: "a decision to keep a single one", Sv: "ett beslut om att spara en enskild"},
	"group-moved":      {En: "a group that ends later", Sv: "en grupp som slutar senare"},
	"appeal":           {En: "an appeal", Sv: "ett överklagande"},
}

var reasonNames = glossary{
	"complaint": {En: "a complaint", Sv: "ett reklamationsärende"},
	"quality":   {En: "a project to improve quality", Sv: "ett kvalitetsfrämjande projekt"},
}

var lineNames = glossary{
	"national":        {En: "the national numbers", Sv: "de nationella numren"},
	"authority-line":  {En: "the authority line", Sv: "myndighetslinjen"},
	"outbound":        {En: "calls out through them", Sv: "samtal som rings via dem"},
	"career-guidance": {En: "career guidance", Sv: "karriärvägledning"},
}

var paperNames = glossary{
	"application":    {En: "your application", Sv: "din ansökan"},
	"interview-note": {En: "notes from interviews", Sv: "anteckningar från intervjuer"},
	"test-result":    {En: "test results", Sv: "testresultat"},
	"reference":      {En: "references", Sv: "referenser"},
	"experience":     {En: "how you found the recruitment", Sv: "hur du upplevt rekryteringen"},
}

var modeNames = glossary{
	"direct": {En: "by direct access", Sv: "genom direktåtkomst"},
	"medium": {En: "on a medium for automated processing", Sv: "på medium för automatiserad behandling"},
}

var searchNames = glossary{
	"phoneNumber": {En: "telephone number", Sv: "telefonnummer"},
	"name":        {En: "name", Sv: "namn"},
	"text":        {En: "what is written in a case", Sv: "det som står i ett ärende"},
}

var sourceNames = glossary{
	"SE-SKV":   {En: "The Tax Agency", Sv: "Skatteverket"},
	"SE-LEV-*": {En: "Complementary actors", Sv: "Kompletterande aktörer"},
}

var countryNames = glossary{"SE": {En: "Sweden", Sv: "Sverige"}}

// lower begins a title with a small letter, within a sentence.
func lower(title string) string { return begin(title, unicode.ToLower) }

// upper begins a sentence with a capital.
func upper(sentence string) string { return begin(sentence, unicode.ToUpper) }

func begin(text string, with func(rune) rune) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(with(first)) + text[size:]
}
