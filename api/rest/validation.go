package rest

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/ouderavond/ouderavond/models/errs"
)

// faultCode ties a sentence of huma's validation to a code of ours. Only the part before the first placeholder counts.
type faultCode struct{ message, code string }

// faultCodes are all sentences that the schemas of this API can cause. The order matters where one is the beginning of another.
var faultCodes = []faultCode{
	{validation.MsgUnexpectedProperty, "unknown-field"},
	{"unknown query parameter", "unknown-field"},
	{validation.MsgExpectedRequiredProperty, "required"},
	{"required ", "required"},
	{validation.MsgExpectedRFC3339DateTime, "not-a-date-time"},
	{validation.MsgExpectedRFC3339Date, "not-a-date"},
	{validation.MsgExpectedRFC4122UUID, "not-an-id"},
	{validation.MsgExpectedMatchPattern, "wrong-form"},
	{validation.MsgExpectedBePattern, "wrong-form"},
	{validation.MsgExpectedBoolean, "not-a-boolean"},
	{validation.MsgExpectedMinimumNumber, "out-of-range"},
	{validation.MsgExpectedMaximumNumber, "out-of-range"},
	{validation.MsgExpectedNumberBeMultipleOf, "not-a-multiple-of-five"},
	{validation.MsgExpectedInteger, "not-a-number"},
	{validation.MsgExpectedNumber, "not-a-number"},
	{"invalid integer", "not-a-number"},
	{"invalid boolean", "not-a-boolean"},
	{validation.MsgExpectedString, "not-text"},
	{validation.MsgExpectedOneOf, "unknown"},
	{validation.MsgExpectedMinLength, "too-short"},
	{validation.MsgExpectedMaxLength, "too-long"},
	{validation.MsgExpectedMinItems, "too-few"},
	{validation.MsgExpectedMaxItems, "too-many"},
	{validation.MsgExpectedArrayItemsUnique, "twice"},
	{validation.MsgExpectedArray, "not-a-list"},
	{validation.MsgExpectedObject, "not-an-object"},
}

// codeOfFault gives the code of huma's sentence.
func codeOfFault(message string) string {
	for _, known := range faultCodes {
		beginning, _, _ := strings.Cut(known.message, "%")
		if strings.HasPrefix(message, beginning) {
			return known.code
		}
	}
	return "not-valid"
}

// paramAllowed is the parameter of a fault that lists the words of a closed list, with a comma and a space between.
const paramAllowed = "Allowed"

// allowedWords gives the words that a field could have been, of the description and not of the request; empty if the fault is another one.
func allowedWords(message string) string {
	before, after, _ := strings.Cut(validation.MsgExpectedOneOf, "%s")
	words, ok := strings.CutPrefix(message, before)
	if !ok {
		return ""
	}
	return strings.TrimSuffix(words, after)
}

// safeField is a path of field names; anything else is not repeated.
var safeField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,39}(?:\[\d{1,6}\]|\.[a-z][a-z0-9_]{0,39}){0,12}$`)

// fieldOfFault gives the name of the field as the client wrote it, without huma's name of the place where it stood.
func fieldOfFault(detail *huma.ErrorDetail) string {
	name := detail.Location
	for _, place := range []string{"body", "query", "header", "path"} {
		if rest, ok := strings.CutPrefix(name, place); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			name = strings.TrimPrefix(rest, ".")
			break
		}
	}
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	if missing, ok := strings.CutPrefix(detail.Message, before); ok {
		name = strings.TrimPrefix(name+"."+strings.TrimSuffix(missing, after), ".")
	}
	switch {
	case name == "":
		return "body"
	case !safeField.MatchString(name):
		return unnamed
	}
	return name
}

// TranslateFaults is huma's transformer: it turns what huma says of a request into a problem of ours. huma's own answer repeats the rejected value, in the
// language of its developers; none of that gets out.
func (s *Base) TranslateFaults(ctx huma.Context, _ string, body any) (any, error) {
	faults, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	if faults.Status != http.StatusUnprocessableEntity && faults.Status != http.StatusBadRequest {
		// The guard has read the body, so nothing else is left to go wrong before a handler runs.
		told := s.problemOf(ctx.Context(), errs.New(errs.Internal, "internal"))
		told.Status = faults.Status
		return told, nil
	}
	invalid := errs.New(errs.Invalid, "invalid")
	for _, detail := range faults.Errors {
		if detail != nil {
			fault := errs.Field{Name: fieldOfFault(detail), Code: codeOfFault(detail.Message)}
			if words := allowedWords(detail.Message); words != "" {
				fault.Params = map[string]string{paramAllowed: words}
			}
			invalid.Fields = append(invalid.Fields, fault)
		}
	}
	slices.SortFunc(invalid.Fields, func(a, b errs.Field) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Code, b.Code)) })
	// One fault for each field: what is no id is also too short for one.
	invalid.Fields = slices.CompactFunc(invalid.Fields, func(a, b errs.Field) bool { return a.Name == b.Name })
	invalid.Fields = invalid.Fields[:min(len(invalid.Fields), maxFaults)]
	told := s.problemOf(ctx.Context(), invalid)
	told.Status = faults.Status
	for name, values := range told.headers {
		for _, value := range values {
			ctx.SetHeader(name, value)
		}
	}
	return told, nil
}
