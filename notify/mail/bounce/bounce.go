package bounce

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"regexp"
	"strings"
)

// ErrNoReport says that a mail is no delivery report: an answer, somebody's
// absence, or nothing that can be read. It never holds any of it.
var ErrNoReport = errors.New("bounce: not a delivery report")

// SizeLimit is how many bytes a mail may have. Servers give back the whole mail
// with its report.
const SizeLimit = 8 << 20

// Action is what a server did with a mail (RFC 3464, section 2.3.3).
type Action string

// The actions.
const (
	Failed    Action = "failed"
	Delayed   Action = "delayed"
	Delivered Action = "delivered"
	Relayed   Action = "relayed"
	Expanded  Action = "expanded"
)

// gravity orders actions: of a report on several recipients, which a mail to one
// has if it was forwarded to several, the gravest counts.
var gravity = map[Action]int{Expanded: 1, Relayed: 2, Delivered: 3, Delayed: 4, Failed: 5}

// Report is what a server says of one mail.
type Report struct {
	// To are the addresses that the report itself came to, by its header.
	To []string
	// Action is what became of the mail.
	Action Action
	// Status is the status code of RFC 3463, such as "5.1.1"; empty if there is none.
	Status string
}

// The limits of a report: its parts, and the recipients that it speaks of.
const (
	maxParts  = 20
	maxGroups = 100
	statusMax = 1 << 20 // bytes of the part that is read
)

// Read takes a mail apart. It fails with [ErrNoReport].
func Read(raw []byte) (Report, error) {
	if len(raw) > SizeLimit {
		return Report{}, ErrNoReport
	}
	// A mail that came through a pipe may begin with the line of a mailbox file, and have the line ends of the machine.
	if bytes.HasPrefix(raw, []byte("From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	message, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Report{}, ErrNoReport
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return Report{}, ErrNoReport
	}
	if form := params["report-type"]; form != "" && !strings.EqualFold(form, "delivery-status") {
		return Report{}, ErrNoReport
	}
	status, err := statusPart(multipart.NewReader(message.Body, params["boundary"]))
	if err != nil {
		return Report{}, err
	}
	report, err := gravest(status)
	report.To = addresses(message.Header)
	return report, err
}

// statusPart finds the part that is for machines.
func statusPart(parts *multipart.Reader) ([]byte, error) {
	for range maxParts {
		part, err := parts.NextRawPart()
		if err != nil {
			return nil, ErrNoReport
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || kind != "message/delivery-status" && kind != "message/global-delivery-status" {
			continue
		}
		content, err := io.ReadAll(io.LimitReader(decoded(part), statusMax))
		if err != nil && len(content) == 0 {
			return nil, ErrNoReport
		}
		return content, nil
	}
	return nil, ErrNoReport
}

// decoded undoes the encoding of a part. The standard allows none here, and servers do it.
func decoded(part *multipart.Part) io.Reader {
	switch strings.ToLower(strings.TrimSpace(part.Header.Get("Content-Transfer-Encoding"))) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, part)
	case "quoted-printable":
		return quotedprintable.NewReader(part)
	}
	return part
}

var (
	statusPattern = regexp.MustCompile(`(?:^|[\s;#(])([245]\.\d{1,3}\.\d{1,3})(?:$|[\s);,:>-])`)
	vaguePattern  = regexp.MustCompile(`^[245]\.0\.0$`)
)

// gravest reads the groups of fields, of which the first is about the mail and each other about a recipient, and gives what counts most.
func gravest(content []byte) (Report, error) {
	reader := textproto.NewReader(bufio.NewReader(bytes.NewReader(fieldsOnly(content))))
	found := Report{}
	for range maxGroups {
		fields, err := reader.ReadMIMEHeader()
		action := Action(strings.ToLower(word(fields.Get("Action"))))
		if gravity[action] > gravity[found.Action] {
			found = Report{Action: action, Status: statusOf(fields)}
		}
		if err != nil {
			break
		}
	}
	if found.Action == "" {
		return Report{}, ErrNoReport
	}
	return found, nil
}

// fieldPattern is a line that begins a field (RFC 3464, section 2.1), or goes on with one.
var fieldPattern = regexp.MustCompile(`^(?:[A-Za-z0-9_.-]+:|[ \t]+\S)`)

// fieldsOnly leaves out lines that are no fields, such as an answer of several lines that a server did not fold: they would end the reading of the group that
// they stand in. Empty lines, which divide the groups, stay.
func fieldsOnly(content []byte) []byte {
	kept := make([]byte, 0, len(content))
	begun := false // a line that goes on with a field has one before it
	for line := range bytes.Lines(content) {
		line = bytes.TrimRight(line, "\r\n")
		empty := len(bytes.TrimSpace(line)) == 0
		if !empty && (!fieldPattern.Match(line) || !begun && (line[0] == ' ' || line[0] == '\t')) {
			continue
		}
		begun = !empty
		if !empty {
			kept = append(kept, line...)
		}
		kept = append(kept, '\n')
	}
	return kept
}

// word gives the first word of a field; comments may follow it.
func word(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return strings.TrimRight(first, ";,(")
}

// statusOf reads the status code of a recipient. Where it says nothing in particular, what the other server answered may.
func statusOf(fields textproto.MIMEHeader) string {
	status := code(fields.Get("Status"))
	if answer := code(fields.Get("Diagnostic-Code")); status == "" || vaguePattern.MatchString(status) && answer != "" && answer[0] == status[0] {
		return answer
	}
	return status
}

func code(text string) string {
	if found := statusPattern.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// addresses gives the addresses that a mail came to, by the header lines that servers add and the one that its writer gave.
func addresses(header netmail.Header) []string {
	var all []string
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To"} {
		for _, line := range header[name] {
			list, err := netmail.ParseAddressList(line)
			if err != nil {
				all = append(all, strings.Trim(strings.TrimSpace(line), "<>"))
				continue
			}
			for _, address := range list {
				all = append(all, address.Address)
			}
		}
	}
	return all
}
