package sample

import "encoding/xml"

// The types follow the order of elements in the schemas of EDEXML 1.03 to 2.1; what a version does not have is left empty.

type edexDocument struct {
	XMLName  xml.Name      `xml:"EDEX"`
	Schema   string        `xml:"xmlns:xsi,attr"`
	Location string        `xml:"xsi:noNamespaceSchemaLocation,attr"`
	School   edexSchool    `xml:"school"`
	Sites    *[]edexSite   `xml:"vestigingen>vestiging"`
	Groups   edexGroups    `xml:"groepen"`
	Pupils   []edexPupil   `xml:"leerlingen>leerling"`
	Teachers []edexTeacher `xml:"leerkrachten>leerkracht"`
}

type edexSchool struct {
	Year     string `xml:"schooljaar"`
	Reported string `xml:"peildatum,omitempty"`
	BRIN     string `xml:"brincode"`
	Branch   string `xml:"dependancecode"`
	Key      string `xml:"schoolkey"`
	Made     string `xml:"aanmaakdatum"`
	Author   string `xml:"auteur"`
	Version  string `xml:"xsdversie"`
	Remark   string `xml:"commentaar"`
}

type edexSite struct {
	Key  string `xml:"key,attr"`
	Name string `xml:"naam"`
}

type edexGroups struct {
	Home  []edexGroup `xml:"groep"`
	Cross []edexGroup `xml:"samengestelde_groep"`
}

type edexGroup struct {
	Key  string `xml:"key,attr"`
	Name string `xml:"naam"`
	Year string `xml:"jaargroep,omitempty"`
}

type edexRef struct {
	Key string `xml:"key,attr"`
}

type edexCross struct {
	Groups []edexRef `xml:"samengestelde_groep"`
}

type edexPupil struct {
	Key           string     `xml:"key,attr"`
	ECK           string     `xml:"eckid,attr,omitempty"`
	Surname       string     `xml:"achternaam"`
	Prefix        *string    `xml:"voorvoegsel"`
	Initials      string     `xml:"voorletters-1,omitempty"`
	Given         string     `xml:"roepnaam"`
	BirthDate     string     `xml:"geboortedatum"`
	Sex           int        `xml:"geslacht"`
	Year          string     `xml:"jaargroep,omitempty"`
	Home          edexRef    `xml:"groep"`
	Cross         *edexCross `xml:"samengestelde_groepen"`
	Site          *edexRef   `xml:"vestiging"`
	PostcodeNL    string     `xml:"postcodenl,omitempty"`
	PostcodeBE    string     `xml:"postnummerbe,omitempty"`
	PostcodeOther string     `xml:"postcodeoverig,omitempty"`
	Enrolled      string     `xml:"instroomdatum"`
	Changed       string     `xml:"mutatiedatum,omitempty"`
	Block         *edexBlock `xml:"toevoegingen>blok"` // by the schema its place is before mutatiedatum
}

type edexBlock struct {
	Type  string    `xml:"xsi:type,attr"`
	Code  string    `xml:"code"`
	Inner edexInner `xml:"leerling"`
}

type edexInner struct {
	ID string `xml:"intern_id"`
}

type edexTeacher struct {
	Key     string           `xml:"key,attr"`
	ECK     string           `xml:"eckid,attr,omitempty"`
	Surname string           `xml:"achternaam"`
	Prefix  *string          `xml:"voorvoegsel"`
	Given   string           `xml:"roepnaam"`
	Email   string           `xml:"emailadres,omitempty"`
	Groups  *edexAssignments `xml:"groepen"`
}

type edexAssignments struct {
	Home  []edexAssignment `xml:"groep"`
	Cross []edexAssignment `xml:"samengestelde_groep"`
}

type edexAssignment struct {
	Key   string   `xml:"key,attr"`
	Roles []string `xml:"rol"`
}
